import { Fault, type Parser } from '../fault';
import { parseChoice, parseSwitch } from '../grammar';
import type { Reading, Value } from '../reading';
import { attributeLines, unknownKey, type AttributeLine } from './attributes';

export interface ProvenanceText {
  /** As BuildKit's attribute `attest:provenance` takes it. */
  readonly attributes: string;
  readonly values: readonly Value[];
}

// A comma or a quote would end the value where BuildKit reads it (frontend/attestations/parse.go).
const BUILDER_ID: Parser<string> = (text) => (/[,"]/.test(text) ? new Fault('holds a comma or a quote') : text);
// BuildKit's docs/attestations/slsa-provenance.md.
const ATTRIBUTES: ReadonlyMap<string, Parser<unknown>> = new Map<string, Parser<unknown>>([
  ['mode', parseChoice(['min', 'max'])],
  ['builder-id', BUILDER_ID],
  ['reproducible', parseSwitch],
  ['inline-only', parseSwitch],
  ['version', parseChoice(['v0.2', 'v1'])],
]);
const FORM = 'it is false, true, or attributes such as mode=max';

/**
 * As `docker buildx build --provenance` has it; none unless it is asked for, and mode=min where none is said: BuildKit's
 * own default would show every build argument.
 */
export function readProvenance(reading: Reading): ProvenanceText | undefined {
  const known = [...ATTRIBUTES.keys()];
  const [line, second] = attributeLines(reading, {
    field: 'Provenance',
    separator: ',',
    refuse(key) {
      if (key === 'disabled') return 'has disabled: to have no provenance, leave the field blank';
      return known.includes(key) ? undefined : unknownKey(key, known, reading);
    },
  });
  if (line?.whole && second?.whole) reading.problem('Provenance', `has several lines: ${FORM}`);
  const read = line?.whole ? provenanceOf(line, reading) : undefined;
  if (read instanceof Fault) reading.problem('Provenance', read.message);
  return read instanceof Fault ? undefined : read;
}

function provenanceOf({ words, pairs }: AttributeLine, reading: Reading): ProvenanceText | Fault | undefined {
  const [word, ...others] = words;
  if (word && (others.length > 0 || pairs.size > 0 || (word.text !== 'true' && word.text !== 'false'))) {
    return new Fault(`${reading.quote(word.text)} is not understood: ${FORM}`);
  }
  if (word?.text === 'false') return undefined;
  for (const [key, { text }] of pairs) {
    const value = ATTRIBUTES.get(key)?.(text);
    if (value instanceof Fault) return new Fault(`${key} ${reading.quote(text)} ${value.message}`);
  }
  const texts = new Map([['mode', 'min'], ...[...pairs].map(([key, { text }]): [string, string] => [key, text])]);
  const attributes = [...texts].map(([key, text]) => `${key}=${text}`).join(',');
  return { attributes, values: [...pairs.values()] };
}
