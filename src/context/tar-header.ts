/** One entry of a tar archive, without its content. */
export interface TarEntry {
  /** Relative, with `/` and no `/` at the end. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'symlink' | 'hardlink';
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  /** Bytes of content; 0 for all but files. */
  readonly size: number;
  /** Seconds since the epoch; fractions are dropped, as docker's CLI does. */
  readonly mtime: number;
  /** Where a symlink points, as written; the path in the archive that a hard link names. */
  readonly target?: string;
}

const BLOCK = 512;
const TYPE_FLAGS = { file: '0', hardlink: '1', symlink: '2', folder: '5' } as const;
// Eleven octal digits: what does not fit goes into a PAX record (POSIX.1-2001, pax interchange format).
const MAX_OCTAL_SIZE = 0o77777777777;

/** Two empty blocks. */
export const TAR_END = Buffer.alloc(2 * BLOCK);

/** The header blocks of an entry, with PAX records where ustar has no room. Owner and group are 0, as docker's CLI sends them. */
export function tarHeader(entry: TarEntry): Buffer {
  const name = entry.kind === 'folder' ? `${entry.path}/` : entry.path;
  const records = [
    ...record('path', fits(name) ? undefined : name),
    ...record('linkpath', fits(entry.target ?? '') ? undefined : entry.target),
    ...record('size', entry.size <= MAX_OCTAL_SIZE ? undefined : String(entry.size)),
  ];
  const header = block({ ...entry, name, flag: TYPE_FLAGS[entry.kind] });
  if (records.length === 0) return header;
  const pax = Buffer.from(records.join(''), 'utf8');
  const paxHeader = block({ name: 'PaxHeaders/entry', flag: 'x', mode: 0o644, size: pax.length, mtime: entry.mtime });
  return Buffer.concat([paxHeader, pax, tarPadding(pax.length), header]);
}

/** What fills the last block of a content of `size` bytes. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

/** ustar's fields hold 100 bytes, and only of ASCII is there no doubt. */
function fits(text: string): boolean {
  return text.length <= 100 && /^[\x20-\x7e]*$/.test(text);
}

/** `LENGTH KEY=VALUE\n`, in which the length counts itself. */
function record(key: string, value: string | undefined): readonly string[] {
  if (value === undefined) return [];
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length > length) length++;
  return [`${length} ${key}=${value}\n`];
}

interface Block {
  readonly name: string;
  readonly flag: string;
  readonly mode: number;
  readonly size: number;
  readonly mtime: number;
  readonly target?: string;
}

function block({ name, flag, mode, size, mtime, target = '' }: Block): Buffer {
  const header = Buffer.alloc(BLOCK);
  header.write(name.slice(0, 100), 0, 100, 'latin1');
  octal(header, mode & 0o7777, 100, 8);
  octal(header, 0, 108, 8);
  octal(header, 0, 116, 8);
  octal(header, Math.min(size, MAX_OCTAL_SIZE), 124, 12);
  octal(header, Math.max(0, Math.floor(mtime)), 136, 12);
  header.write('        ', 148, 8, 'latin1'); // the checksum counts itself as blanks
  header.write(flag, 156, 1, 'latin1');
  header.write(target.slice(0, 100), 157, 100, 'latin1');
  header.write('ustar\u000000', 257, 8, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\u0000 `, 148, 8, 'latin1');
  return header;
}

function octal(header: Buffer, value: number, offset: number, width: number): void {
  header.write(`${value.toString(8).padStart(width - 1, '0')}\u0000`, offset, width, 'latin1');
}
