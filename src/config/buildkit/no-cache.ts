import { Fault, type Parser } from '../fault';
import type { Reading } from '../reading';

// Other spellings of a switch, and a stage's number, which BuildKit does not compare (frontend/dockerui, IsNoCache).
const NO_STAGE = /^(?:true|false|yes|no|on|off|\d+)$/i;

const parseNoCache: Parser<string> = (text) => {
  if (text === 'true' || text === 'false') return text;
  return /^[A-Za-z][A-Za-z0-9_.-]*$/.test(text) && !NO_STAGE.test(text)
    ? text
    : new Fault('is neither true nor false nor the name of a stage');
};

/** `true`, `false`, or the names of the stages whose steps are made anew. */
export function readNoCache(reading: Reading): 'all' | readonly string[] {
  const texts = [...new Set(reading.many('NoCache', parseNoCache).map(({ value }) => value))];
  const [first = 'false', ...others] = texts;
  const mixed = others.length > 0 && texts.find((text) => text === 'true' || text === 'false');
  if (mixed) reading.problem('NoCache', `${mixed} stands alone, or stages are named`);
  if (first === 'true') return 'all';
  return first === 'false' ? [] : texts;
}
