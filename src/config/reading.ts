import type { Problem } from '../domain/errors';
import { expand } from './expand';
import { Fault, type Parser } from './fault';
import { fieldNamed, type FieldKey } from './fields';
import { itemsOf, numberedLines, splitPair, type NumberedLine } from './items';
import { quote, type Quote } from './quote';
import { CONTROL, CONTROL_IN_VALUES, nameOf, readLiteral, withoutParameters } from './item-text';

/** One item of a field: what was typed, what it became, and the variables that had a part in it. */
export interface Value {
  readonly typed: string;
  readonly text: string;
  readonly names: readonly string[];
}

/** A value as a type, and the text that it was typed as. */
export interface Read<T> {
  readonly value: T;
  readonly from: Value;
}

/** `KEY=VALUE`; `value` undefined: `KEY` alone. */
export interface Pair {
  readonly key: Value;
  readonly value: Value | undefined;
}

export interface ReadingOptions {
  /** undefined: nothing is known yet (`validate`), so what holds an expression is left unread. */
  readonly variables?: ReadonlyMap<string, string>;
  /** How values are shown; without secrets, where there are any. */
  readonly quote?: Quote;
  /** Fields that are not read, because something is known to be wrong with them. */
  readonly skip?: ReadonlySet<string>;
}

/** Reads the fields: splits first, expands each item once, and collects what is wrong instead of stopping at it. */
export class Reading {
  readonly problems: Problem[] = [];
  readonly notes: string[] = [];
  readonly quote: Quote;

  constructor(
    private readonly fields: ReadonlyMap<string, string>,
    private readonly options: ReadingOptions = {},
  ) {
    this.quote = options.quote ?? quote;
  }

  problem(key: FieldKey, message: string): void {
    this.problems.push({ field: key, message });
  }

  /** As typed, without blanks around; `''` where nothing was. */
  typed(key: FieldKey): string {
    return this.fields.get(key)?.trim() ?? '';
  }

  /** False where an item holds something that is not known yet: then its absence means nothing. */
  knowsAll(key: FieldKey): boolean {
    return this.options.variables !== undefined && this.options.skip?.has(key) !== true;
  }

  /** True where the field holds something that is not known yet, or that is wrong and was told. */
  isOpen(key: FieldKey): boolean {
    const isTold = this.problems.some(({ field }) => field === key);
    return this.typed(key) !== '' && (isTold || !this.knowsAll(key));
  }

  /** True where something is known to be in the field beside its default. */
  isSet(key: FieldKey): boolean {
    const standard = fieldNamed(key)?.default;
    return this.items(key).some((item) => {
      const text = this.known(item)?.trim() ?? '';
      return text !== '' && text !== standard;
    });
  }

  /** The whole text as it stands, no variable expanded. undefined: blank, not known yet, or known to be wrong. */
  literal(key: FieldKey): string | undefined {
    if (this.options.skip?.has(key)) return undefined;
    const typed = this.typed(key);
    const text = this.options.variables ? typed : withoutParameters(typed);
    return text === '' ? undefined : text;
  }

  /** A blank field has its default. undefined: there is none, or it is not known yet, or wrong (and then said). */
  one<T>(key: FieldKey, parse: Parser<T>): Read<T> | undefined {
    if (this.options.skip?.has(key)) return undefined;
    const standard = fieldNamed(key)?.default ?? '';
    const typed = this.typed(key) || standard;
    let value = typed === '' ? undefined : this.value(key, typed);
    if (value?.text === '') value = standard === '' ? undefined : this.value(key, standard);
    return value && this.parsed(key, value, parse);
  }

  /** The items that are left; those that an expansion leaves empty are told and dropped. */
  many<T>(key: FieldKey, parse: Parser<T>): Read<T>[] {
    return this.items(key).flatMap((item) => {
      const value = this.value(key, item);
      const read = value && value.text !== '' ? this.parsed(key, value, parse) : undefined;
      return read ? [read] : [];
    });
  }

  pairs(key: FieldKey, parseName: Parser<string>): Pair[] {
    return this.items(key).flatMap((item) => {
      const typed = splitPair(item);
      const known = this.read(key, typed.key, CONTROL);
      const name = known && this.parsed(key, known, parseName)?.from;
      const value = typed.value === undefined ? undefined : this.read(key, typed.value, CONTROL_IN_VALUES);
      return name && (value ?? typed.value === undefined) ? [{ key: name, value }] : [];
    });
  }

  /** The lines of a field whose lines have a grammar of their own, as typed; blank ones are left out. */
  lines(key: FieldKey): NumberedLine[] {
    return this.options.skip?.has(key) ? [] : numberedLines(this.fields.get(key) ?? '');
  }

  /** A part of a line, expanded once, without blanks around. undefined: it is not known yet, or wrong (and then said). */
  part(key: FieldKey, typed: string): Value | undefined {
    const value = this.read(key, typed.trim(), CONTROL);
    return value && { ...value, text: value.text.trim() };
  }

  private items(key: FieldKey): string[] {
    if (this.options.skip?.has(key)) return [];
    const field = fieldNamed(key);
    return itemsOf(
      field?.kind ?? 'text',
      this.typed(key) === '' ? (field?.default ?? '') : (this.fields.get(key) ?? ''),
    );
  }

  /** Without a word about what is wrong with it. */
  private known(item: string): string | undefined {
    const { variables } = this.options;
    const typed = variables ? item : withoutParameters(item);
    if (typed === undefined) return undefined;
    const { value, faults } = variables ? expand(typed, variables) : readLiteral(typed);
    return faults.length > 0 ? undefined : value;
  }

  private value(key: FieldKey, item: string): Value | undefined {
    const value = this.read(key, item, CONTROL);
    const text = value?.text.trim();
    if (text === '') this.notes.push(`${key}: ${this.quote(item)} is empty and is left out`);
    return value && text !== undefined ? { ...value, text } : undefined;
  }

  private parsed<T>(key: FieldKey, from: Value, parse: Parser<T>): Read<T> | undefined {
    const value = parse(from.text);
    if (!(value instanceof Fault)) return { value, from };
    const source = from.names.length > 0 ? ` (from ${this.quote(from.typed)})` : '';
    this.problem(key, `${this.quote(from.text)}${source} ${value.message}`);
    return undefined;
  }

  private read(key: FieldKey, item: string, control: RegExp): Value | undefined {
    const { variables } = this.options;
    const typed = variables ? item : withoutParameters(item);
    if (typed === undefined) return undefined;
    const expansion = variables ? expand(typed, variables) : readLiteral(typed);
    for (const fault of expansion.faults) this.problem(key, fault);
    if (expansion.faults.length > 0 || expansion.value === undefined) return undefined;
    const text = expansion.value;
    const [letter] = control.exec(text) ?? [];
    if (letter === undefined) return { typed, text, names: expansion.names };
    this.problem(key, `${this.quote(typed)} holds ${nameOf(letter)}`);
    return undefined;
  }
}
