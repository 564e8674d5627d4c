/** A tar writer for what the lab sends to daemons: small files with short names. */

export interface TarEntry {
  readonly name: string;
  readonly content?: string | Buffer;
  readonly link?: string;
  readonly folder?: boolean;
  readonly mode?: number;
}

const block = 512;

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, '0')}\0`;
}

function typeOf(entry: TarEntry): string {
  if (entry.folder === true) return '5';
  return entry.link === undefined ? '0' : '2';
}

function header(entry: TarEntry, size: number): Buffer {
  if (Buffer.byteLength(entry.name) > 100) throw new Error(`${entry.name}: too long for the lab's tar writer`);
  const head = Buffer.alloc(block);
  head.write(entry.name, 0);
  head.write(octal(entry.mode ?? (entry.folder === true ? 0o755 : 0o644), 8), 100);
  head.write(octal(0, 8), 108);
  head.write(octal(0, 8), 116);
  head.write(octal(size, 12), 124);
  head.write(octal(0, 12), 136);
  head.write('        ', 148);
  head.write(typeOf(entry), 156);
  head.write(entry.link ?? '', 157);
  head.write('ustar\x0000', 257);
  head.write(
    octal(
      head.reduce((sum, byte) => sum + byte, 0),
      7,
    ),
    148,
  );
  return head;
}

export function tar(entries: readonly TarEntry[]): Buffer {
  const parts: Buffer[] = [];
  for (const entry of entries) {
    const content = Buffer.from(entry.content ?? '');
    parts.push(header(entry, content.length), content, Buffer.alloc((block - (content.length % block)) % block));
  }
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}
