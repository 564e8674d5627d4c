import { readdirSync, readlinkSync } from 'node:fs';

/** Text of a file system, whose names are bytes and need not be UTF-8. */
export interface DiskText {
  /** U+FFFD stands for each byte that is no UTF-8, as it does for Go, whose patterns are compared with this. */
  readonly text: string;
  /** The bytes, where `text` cannot say them. */
  readonly raw: Buffer | undefined;
}

export interface Name extends DiskText {
  readonly isFolder: boolean;
}

// Unicode 15, table 3-7: well-formed UTF-8 byte sequences, here as Latin-1 text; last, a byte of none of them.
const SEQUENCES =
  /[\x00-\x7f]+|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[^]/g;
const REPLACEMENT = '\ufffd';
// Below U+D800 the order of UTF-16 units is the order of UTF-8 bytes.
const ABOVE_D7FF = /[\ud800-\uffff]/;

/** The names in a folder, in the order of their bytes. */
export function namesIn(folder: string | Buffer): readonly Name[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  const odd = entries.some(({ name }) => ABOVE_D7FF.test(name));
  if (odd) return oddNamesIn(folder);
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.map((entry) => ({ text: entry.name, raw: undefined, isFolder: entry.isDirectory() }));
}

function oddNamesIn(folder: string | Buffer): readonly Name[] {
  // Node's types know no Dirent whose name is a Buffer.
  const entries = readdirSync(folder, { withFileTypes: true, encoding: 'buffer' as 'utf8' }).map((entry) => ({
    bytes: entry.name as unknown as Buffer,
    isFolder: entry.isDirectory(),
  }));
  entries.sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  return entries.map(({ bytes, isFolder }) => ({ ...diskText(bytes), isFolder }));
}

/** Where a symlink points, as written. */
export function linkTarget(path: string | Buffer): DiskText {
  const text = readlinkSync(path);
  return text.includes(REPLACEMENT) ? diskText(readlinkSync(path, 'buffer')) : { text, raw: undefined };
}

/** The path of a name in a folder; '' is the root. */
export function within(folder: DiskText, name: DiskText): DiskText {
  if (folder.text === '') return name;
  const text = `${folder.text}/${name.text}`;
  if (!folder.raw && !name.raw) return { text, raw: undefined };
  return { text, raw: Buffer.concat([bytesOf(folder), Buffer.from('/'), bytesOf(name)]) };
}

export function bytesOf({ text, raw }: DiskText): Buffer {
  return raw ?? Buffer.from(text);
}

function diskText(bytes: Buffer): DiskText {
  const text = bytes.toString('latin1').replace(SEQUENCES, (sequence) => {
    if (sequence.length === 1 && sequence > '\x7f') return REPLACEMENT;
    return Buffer.from(sequence, 'latin1').toString('utf8');
  });
  return { text, raw: Buffer.from(text).equals(bytes) ? undefined : bytes };
}
