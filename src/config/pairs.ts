import { Fault, type Parser } from './fault';
import type { FieldKey } from './fields';
import { parseArgName, parseLabelName } from './grammar';
import type { Pair, Reading } from './reading';

/** What this plugin's own labels begin with; a user's label may not. */
export const OWN_LABELS = 'gocd-ecr-task.';

export function readArgs(reading: Reading): Pair[] {
  return readPairs(reading, 'BuildArgs', parseArgName);
}

export function readLabels(reading: Reading): Pair[] {
  return readPairs(reading, 'Labels', (text) => {
    if (text.startsWith(OWN_LABELS))
      return new Fault(`is a label that this plugin sets: ${OWN_LABELS}* tell which run made an image`);
    return parseLabelName(text);
  }).filter(({ key, value }) => {
    if (!value) reading.problem('Labels', `${reading.quote(key.text)} has no value: a label is KEY=VALUE`);
    return value !== undefined;
  });
}

/** As docker has it, the last of two with one name counts; it is told. */
function readPairs(reading: Reading, field: FieldKey, parse: Parser<string>): Pair[] {
  const pairs = new Map<string, Pair>();
  for (const pair of reading.pairs(field, parse)) {
    const name = pair.key.text;
    if (pairs.has(name)) reading.notes.push(`${field}: ${name} is given twice; the last one counts`);
    pairs.set(name, pair);
  }
  return [...pairs.values()];
}
