/** A name as it goes into an archive: text, or bytes where they are no UTF-8. */
export type TarName = string | Buffer;

/** One entry of a tar archive, without its content. */
export interface TarEntry {
  /** Relative, with `/` and no `/` at the end. */
  readonly path: TarName;
  readonly kind: 'file' | 'folder' | 'symlink' | 'hardlink';
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  /** Bytes of content; 0 for all but files. */
  readonly size: number;
  /** Whole seconds since the epoch: docker's CLI drops fractions too. */
  readonly mtime: number;
  /** Where a symlink points, as written; the path in the archive that a hard link names. */
  readonly target?: TarName | undefined;
}

export const TAR_BLOCK = 512;

/** Two empty blocks. */
export const TAR_END: Uint8Array = new Uint8Array(2 * TAR_BLOCK);

const ZEROS = Buffer.alloc(TAR_BLOCK);
const FLAGS = { file: '0', hardlink: '1', symlink: '2', folder: '5', pax: 'x' } as const;
// Eleven octal digits: what does not fit goes into a PAX record (POSIX.1-2001, pax interchange format).
const MAX_OCTAL = 0o77777777777;
const MAX_NAME = 100;

// Owner and group are 0, as docker's CLI sends them; the checksum counts itself as blanks.
const TEMPLATE = Buffer.alloc(TAR_BLOCK);
TEMPLATE.write('0000000\u00000000000\u0000', 108, 'latin1');
TEMPLATE.write('        ', 148, 'latin1');
TEMPLATE.write('ustar\u000000', 257, 'latin1');
const TEMPLATE_SUM = TEMPLATE.reduce((total, byte) => total + byte, 0);

/** The header blocks of an entry, with PAX records where ustar has no room. */
export function tarHeader(entry: TarEntry): Buffer {
  const header = Buffer.alloc(TAR_BLOCK);
  if (writeUstar(header, 0, entry)) return header;
  const { kind, size, mtime, target = '' } = entry;
  const name = nameOf(entry);
  const pax = Buffer.concat([
    fits(name) ? ZEROS.subarray(0, 0) : record('path', name),
    fits(target) ? ZEROS.subarray(0, 0) : record('linkpath', target),
    size <= MAX_OCTAL ? ZEROS.subarray(0, 0) : record('size', String(size)),
    mtime >= 0 && mtime <= MAX_OCTAL ? ZEROS.subarray(0, 0) : record('mtime', String(mtime)),
  ]);
  const paxHeader = Buffer.alloc(TAR_BLOCK);
  writeBlock(paxHeader, 0, {
    flag: FLAGS.pax,
    name: 'PaxHeaders/entry',
    target: '',
    mode: 0o644,
    size: pax.length,
    mtime,
  });
  writeBlock(header, 0, { flag: FLAGS[kind], name, target, mode: entry.mode, size, mtime });
  return Buffer.concat([paxHeader, pax, tarPadding(pax.length), header]);
}

/** Writes the one block that most entries need, into zeros; false: it takes more, see `tarHeader`. */
export function writeUstar(into: Uint8Array, at: number, entry: TarEntry): boolean {
  const { kind, size, mtime, target = '' } = entry;
  const name = nameOf(entry);
  if (size > MAX_OCTAL || mtime < 0 || mtime > MAX_OCTAL || !fits(name) || !fits(target)) return false;
  writeBlock(into, at, { flag: FLAGS[kind], name, target, mode: entry.mode, size, mtime });
  return true;
}

/** What fills the last block of a content of `size` bytes. */
export function tarPadding(size: number): Buffer {
  return ZEROS.subarray(0, (TAR_BLOCK - (size % TAR_BLOCK)) % TAR_BLOCK);
}

function nameOf({ kind, path }: TarEntry): TarName {
  if (kind !== 'folder') return path;
  return typeof path === 'string' ? `${path}/` : Buffer.concat([path, Buffer.from('/')]);
}

/** ustar's fields hold 100 bytes, and only of ASCII is there no doubt. */
function fits(name: TarName): boolean {
  return typeof name === 'string' && name.length <= MAX_NAME && /^[\x20-\x7e]*$/.test(name);
}

/** `LENGTH KEY=VALUE\n`, in which the length counts itself. */
function record(key: string, value: TarName): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value), Buffer.from('\n')]);
  let length = rest.length + String(rest.length).length;
  if (rest.length + String(length).length > length) length++;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

interface Block {
  readonly flag: string;
  readonly name: TarName;
  readonly target: TarName;
  readonly mode: number;
  readonly size: number;
  readonly mtime: number;
}

function writeBlock(into: Uint8Array, at: number, { flag, name, target, mode, size, mtime }: Block): void {
  into.set(TEMPLATE, at);
  let sum = TEMPLATE_SUM + text(into, at, name) + text(into, at + 157, target);
  sum += octal(into, at + 100, 7, mode & 0o7777);
  sum += octal(into, at + 124, 11, Math.min(size, MAX_OCTAL));
  sum += octal(into, at + 136, 11, Math.min(Math.max(0, mtime), MAX_OCTAL));
  sum += into[at + 156] = flag.charCodeAt(0);
  octal(into, at + 148, 6, sum);
  into[at + 154] = 0;
}

/** Writes up to 100 bytes, of text those of its first characters; answers their sum. */
function text(into: Uint8Array, at: number, name: TarName): number {
  const length = Math.min(MAX_NAME, name.length);
  let sum = 0;
  for (let index = 0; index < length; index++) {
    const byte = typeof name === 'string' ? name.charCodeAt(index) & 0xff : (name[index] ?? 0);
    into[at + index] = byte;
    sum += byte;
  }
  return sum;
}

/** Writes exactly so many octal digits; answers their sum. */
function octal(into: Uint8Array, at: number, digits: number, value: number): number {
  let sum = 0;
  for (let index = digits - 1, left = value; index >= 0; index--) {
    const digit = 0x30 + (left % 8);
    into[at + index] = digit;
    sum += digit;
    left = Math.floor(left / 8);
  }
  return sum;
}
