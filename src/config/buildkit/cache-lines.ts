import type { CacheEntry } from '../../domain/plan';
import { Fault, type Parser } from '../fault';
import { parseChoice, parseSwitch } from '../grammar';
import { parseImage } from '../image-text';
import type { Reading, Value } from '../reading';
import { attributeLines, unknownKey, type AttributeLine } from './attributes';

/** A cache, and its reference as it was typed. */
export interface CacheLine {
  readonly where: string;
  readonly entry: CacheEntry;
  readonly ref: Value | undefined;
}

type CacheField = 'CacheFrom' | 'CacheTo';

// What buildx has besides; each needs a service or a folder that this task has not.
const ELSEWHERE = ['local', 'gha', 's3', 'azblob'];

const NUMBER: Parser<number> = (text) => (/^\d{1,2}$/.test(text) ? Number(text) : new Fault('is not a number'));
// BuildKit's attributes of a registry's cache (cache/remotecache/registry, util/compression/attrs.go).
const ATTRIBUTES: ReadonlyMap<string, Parser<unknown>> = new Map<string, Parser<unknown>>([
  ['mode', parseChoice(['min', 'max'])],
  ['image-manifest', parseSwitch],
  ['oci-mediatypes', parseSwitch],
  ['compression', parseChoice(['uncompressed', 'gzip', 'estargz', 'zstd'])],
  ['compression-level', NUMBER],
  ['force-compression', parseSwitch],
  ['ignore-error', parseSwitch],
]);

/** As `docker buildx build --cache-from` and `--cache-to` have them; a reference alone is a registry's. */
export function readCache(reading: Reading, field: CacheField): CacheLine[] {
  const known = ['type', 'ref', ...(field === 'CacheTo' ? ATTRIBUTES.keys() : [])];
  const lines = attributeLines(reading, {
    field,
    separator: ',',
    refuse: (key) => (known.includes(key) ? undefined : unknownKey(key, known, reading)),
  });
  return lines.flatMap((line) => {
    const read = line.whole ? cachesOf(line, field, reading) : [];
    if (read instanceof Fault) reading.problem(field, `${line.where} ${read.message}`);
    return read instanceof Fault ? [] : read;
  });
}

function cachesOf(line: AttributeLine, field: CacheField, reading: Reading): CacheLine[] | Fault {
  if (line.pairs.size > 0 && line.words.length > 0) return new Fault('has a part that is not key=value');
  if (line.pairs.size > 0) {
    const cache = described(line, field, reading);
    return cache instanceof Fault ? cache : [cache];
  }
  const caches: CacheLine[] = [];
  for (const word of line.words) {
    const cache = registry(line, word, new Map(), field, reading);
    if (cache instanceof Fault) return cache;
    caches.push(cache);
  }
  return caches;
}

function described(line: AttributeLine, field: CacheField, reading: Reading): CacheLine | Fault {
  const { where, pairs } = line;
  const [type, ref] = [pairs.get('type')?.text, pairs.get('ref')];
  const others = [...pairs].filter(([key]) => key !== 'type' && key !== 'ref');
  switch (type) {
    case undefined:
      return new Fault('has no type: type=registry,ref=…, or a reference alone');
    case 'inline':
      if (field === 'CacheFrom')
        return new Fault('has type=inline, which is for CacheTo: such a cache is read by the reference of its image');
      if (ref || others.length > 0) return new Fault('has more than type=inline, which takes nothing else');
      return { where, entry: { type, ref: undefined, attributes: new Map() }, ref: undefined };
    case 'registry':
      if (!ref) return new Fault('has no ref: type=registry,ref=host/repository:tag');
      return registry(line, ref, new Map(others.map(([key, value]) => [key, value.text])), field, reading);
    default:
      return new Fault(
        ELSEWHERE.includes(type)
          ? `has type=${type}, which is not supported; there are ${typesOf(field)}`
          : `has the type ${reading.quote(type)}; there are ${typesOf(field)}`,
      );
  }
}

function typesOf(field: CacheField): string {
  return field === 'CacheTo' ? 'registry and inline' : 'registry and a reference alone';
}

function registry(
  { where }: AttributeLine,
  ref: Value,
  attributes: ReadonlyMap<string, string>,
  field: CacheField,
  reading: Reading,
): CacheLine | Fault {
  const image = parseImage(ref.text);
  if (!image) return new Fault(`names ${reading.quote(ref.text)}, which is not a reference: host/repository:tag`);
  if (image.digest !== undefined && field === 'CacheTo') {
    return new Fault(`names ${reading.quote(ref.text)} with a digest: a cache is written under a tag`);
  }
  for (const [key, text] of attributes) {
    const value = ATTRIBUTES.get(key)?.(text);
    if (value instanceof Fault) return new Fault(`has ${key} ${reading.quote(text)}, which ${value.message}`);
  }
  return { where, entry: { type: 'registry', ref: ref.text, attributes }, ref };
}
