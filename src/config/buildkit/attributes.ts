import type { FieldKey } from '../fields';
import { splitPair } from '../items';
import type { Reading, Value } from '../reading';
import { splitOutside } from '../template';

/** One line of `key=value` parts. It is split as it was typed: what a variable holds makes no further part. */
export interface AttributeLine {
  /** How messages name it; its text is not shown, because a secret may be typed in it by mistake. */
  readonly where: string;
  /** Parts without `=`. */
  readonly words: readonly Value[];
  /** By key in small letters. */
  readonly pairs: ReadonlyMap<string, Value>;
  /** False: a part is not known yet, or is wrong and was told. What is missing then means nothing. */
  readonly whole: boolean;
}

export interface LineGrammar {
  readonly field: FieldKey;
  readonly separator: ',' | ' ';
  /** What is wrong with a key, behind the line's name; undefined: it is one. */
  refuse(key: string): string | undefined;
  /** Other spellings of keys. */
  readonly aliases?: ReadonlyMap<string, string>;
}

/** The lines of a field; one that an expansion leaves empty is told and dropped. */
export function attributeLines(reading: Reading, grammar: LineGrammar): AttributeLine[] {
  return reading.lines(grammar.field).flatMap(({ number, text }) => {
    const line = readLine(reading, grammar, `line ${number}`, text);
    const isEmpty = line.whole && line.pairs.size === 0 && line.words.length === 0;
    if (isEmpty) reading.notes.push(`${grammar.field}: ${line.where} is empty and is left out`);
    return isEmpty ? [] : [line];
  });
}

function readLine(reading: Reading, grammar: LineGrammar, where: string, text: string): AttributeLine {
  const { field, separator } = grammar;
  const words: Value[] = [];
  const pairs = new Map<string, Value>();
  let whole = true;
  const refuse = (message: string): void => {
    reading.problem(field, `${where} ${message}`);
    whole = false;
  };
  const typed = separator === ' ' ? text.replaceAll('\t', ' ') : text;
  for (const part of splitOutside(typed, separator).filter((each) => each.trim() !== '')) {
    const read = readPart(reading, grammar, part);
    if (typeof read === 'string') refuse(read);
    else if (!read) whole = false;
    else if (read.key === undefined) words.push(...(read.value.text === '' ? [] : [read.value]));
    else if (pairs.has(read.key)) refuse(`gives ${read.key} twice`);
    else if (read.value.text === '') refuse(`leaves ${read.key} empty`);
    else pairs.set(read.key, read.value);
  }
  return { where, words, pairs, whole };
}

interface Part {
  readonly key: string | undefined;
  readonly value: Value;
}

/** A text: what is wrong with it; undefined: not known yet, or told. */
function readPart(
  reading: Reading,
  { field, separator, refuse, aliases }: LineGrammar,
  part: string,
): Part | string | undefined {
  if (separator === ',' && part.trim().startsWith('"')) {
    return 'begins a part with a quote: parts are not quoted; a comma within a value comes from a variable';
  }
  const typed = splitPair(part);
  if (typed.value === undefined) {
    const word = reading.part(field, part);
    return word && { key: undefined, value: word };
  }
  const key = reading.part(field, typed.key)?.text.toLowerCase();
  const value = reading.part(field, typed.value);
  if (key === undefined) return undefined;
  const name = aliases?.get(key) ?? key;
  return refuse(name) ?? (value && { key: name, value });
}

/** `there are a, b and c`: what a message says of the keys of a line. */
export function unknownKey(key: string, known: readonly string[], reading: Reading): string {
  const most = known.slice(0, -1).join(', ');
  const all = known.length > 1 ? `${most} and ${known.at(-1) ?? ''}` : known.join('');
  return `has ${reading.quote(key)}, which is not understood; there ${known.length > 1 ? 'are' : 'is'} ${all}`;
}
