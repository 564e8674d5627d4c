import type { Ulimit } from '../../domain/plan';
import { Fault, type Parser } from '../fault';

const UNITS = 'bkmgtp';

/** Bytes, or a number with docker's units, each 1024 of the one before (docker/go-units, RAMInBytes). */
export const parseBytes: Parser<number> = (text) => {
  const [, number = '', unit = 'b'] = /^(\d{1,15}(?:\.\d{1,6})?) ?(?:([kmgtp])i?b?|b)?$/i.exec(text) ?? [];
  const bytes = Math.floor(Number(number) * 1024 ** UNITS.indexOf(unit.toLowerCase()));
  if (number === '' || !Number.isSafeInteger(bytes))
    return new Fault('is not a size: bytes, or a number with k, m or g, such as 256m');
  return bytes === 0 ? new Fault('is nothing: leave the field blank for the default of the daemon') : bytes;
};

// docker/go-units, ulimit.go.
const NAMES: ReadonlySet<string> = new Set([
  'core',
  'cpu',
  'data',
  'fsize',
  'locks',
  'memlock',
  'msgqueue',
  'nice',
  'nofile',
  'nproc',
  'rss',
  'rtprio',
  'rttime',
  'sigpending',
  'stack',
]);
const UNLIMITED = -1;

/** `name=soft[:hard]`, as `docker build --ulimit` has them; -1 and `unlimited` are no limit. */
export const parseUlimit: Parser<Ulimit> = (text) => {
  const [, name, softText = '', hardText = softText] = /^([a-z]+)=([^:]+)(?::([^:]+))?$/.exec(text) ?? [];
  if (name === undefined) return new Fault('is not name=soft:hard, such as nofile=1024:2048');
  if (!NAMES.has(name)) return new Fault(`names no limit; there are ${[...NAMES].join(', ')}`);
  const [soft, hard] = [limitOf(softText), limitOf(hardText)];
  if (soft === undefined || hard === undefined)
    return new Fault('has a limit that is neither a whole number nor unlimited');
  const isOver = hard !== UNLIMITED && (soft === UNLIMITED || soft > hard);
  return isOver ? new Fault('has a soft limit above its hard limit') : { name, soft, hard };
};

function limitOf(text: string): number | undefined {
  if (text === '-1' || text === 'unlimited') return UNLIMITED;
  const number = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(number) ? number : undefined;
}
