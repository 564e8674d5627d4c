/** A tar reader for what daemons export: names and links as latin1, so that every byte of them survives. */

export interface UntarredEntry {
  readonly name: string;
  readonly type: 'file' | 'folder' | 'symlink' | 'hardlink' | 'fifo' | 'device';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Whole seconds */
  readonly mtime: number;
  readonly link: string;
  readonly content: Buffer;
  /** Its capabilities (security.capability), hex; '' for none */
  readonly capabilities: string;
}

type Records = ReadonlyMap<string, string>;

const block = 512;
const types = {
  '0': 'file',
  '\0': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'device',
  '4': 'device',
  '5': 'folder',
  '6': 'fifo',
} as const;

function text(head: Buffer, start: number, length: number): string {
  const field = head.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('latin1', 0, end < 0 ? length : end);
}

function number(head: Buffer, start: number, length: number): number {
  // GNU's base 256, for what octal digits have no room for
  if ((head[start] ?? 0) & 0x80) return Number(head.readBigInt64BE(start + length - 8));
  return parseInt(text(head, start, length).trim() || '0', 8);
}

/** `LENGTH KEY=VALUE\n`, one after another. */
function paxRecords(content: Buffer): Records {
  const records = new Map<string, string>();
  for (let at = 0; at < content.length;) {
    const blank = content.indexOf(0x20, at);
    const length = Number(content.toString('latin1', at, blank));
    const record = content.toString('latin1', blank + 1, at + length - 1);
    const equals = record.indexOf('=');
    records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}

function entry(head: Buffer, content: Buffer, records: Records): UntarredEntry {
  const prefix = head.toString('latin1', 257, 263) === 'ustar\0' ? text(head, 345, 155) : '';
  const name = (prefix === '' ? '' : `${prefix}/`) + text(head, 0, 100);
  const flag = head.toString('latin1', 156, 157) as keyof typeof types;
  const type = types[flag] as UntarredEntry['type'] | undefined;
  if (type === undefined) throw new Error(`${name}: type ${JSON.stringify(flag)} is unknown to the lab's tar reader`);
  return {
    name: records.get('path') ?? name,
    type,
    mode: number(head, 100, 8) & 0o7777,
    uid: number(head, 108, 8),
    gid: number(head, 116, 8),
    mtime: Math.floor(Number(records.get('mtime') ?? number(head, 136, 12))),
    link: records.get('linkpath') ?? text(head, 157, 100),
    content,
    capabilities: Buffer.from(records.get('SCHILY.xattr.security.capability') ?? '', 'latin1').toString('hex'),
  };
}

export function untar(archive: Buffer): UntarredEntry[] {
  const entries: UntarredEntry[] = [];
  let records: Records = new Map();
  for (let at = 0; at + block <= archive.length && archive[at] !== 0;) {
    const head = archive.subarray(at, at + block);
    const flag = head.toString('latin1', 156, 157);
    const size = Number(records.get('size') ?? number(head, 124, 12));
    const content = archive.subarray(at + block, at + block + size);
    at += block + Math.ceil(size / block) * block;
    if (flag === 'g') continue;
    if (flag === 'x') {
      records = paxRecords(content);
      continue;
    }
    if (flag === 'L' || flag === 'K') {
      const long = content.toString('latin1').replace(/\0$/, '');
      records = new Map([...records, [flag === 'L' ? 'path' : 'linkpath', long]]);
      continue;
    }
    entries.push(entry(head, content, records));
    records = new Map();
  }
  return entries;
}
