import { quote } from './quote';

/** One `${…}` of a text. */
export interface Expression {
  readonly name: string;
  /** As it was typed, braces included. */
  readonly source: string;
  readonly operation: Operation;
  /** `|tag`: the result is made a legal tag. */
  readonly tag: boolean;
}

export type Operation =
  | { readonly kind: 'plain' }
  | { readonly kind: 'default'; readonly word: string }
  | { readonly kind: 'alternative'; readonly word: string }
  | { readonly kind: 'substring'; readonly offset: number; readonly length: number | undefined };

/** A text with its expressions: literal parts and expressions in their order. */
export interface Template {
  readonly parts: readonly (string | Expression)[];
  readonly names: readonly string[];
  readonly faults: readonly string[];
}

// `$${` is a literal `${`; an expression ends at its first brace, for there is no nesting.
const TOKEN = /\$\$\{|\$\{[^}]*\}?/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*/;
// bash reads `:-7` as a default: a negative offset needs the space.
const SUBSTRING = /^:(?: *(\d{1,9})| +(-\d{1,9}))? *(?:: *(-?\d{1,9}) *)?$/;
const FORMS = '${NAME}, ${NAME:-word}, ${NAME:+word}, ${NAME:0:7} and ${NAME|tag}';

export function parseTemplate(text: string): Template {
  const parts: (string | Expression)[] = [];
  const faults: string[] = [];
  let reached = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [token] = match;
    parts.push(text.slice(reached, match.index));
    reached = match.index + token.length;
    const part = token === '$${' ? '${' : parseExpression(token);
    if (typeof part === 'object' && 'fault' in part) faults.push(part.fault);
    else parts.push(part);
  }
  parts.push(text.slice(reached));
  return { parts, faults, names: parts.flatMap((part) => (typeof part === 'string' ? [] : [part.name])) };
}

function parseExpression(source: string): Expression | { readonly fault: string } {
  if (source.includes('${', 2)) return { fault: `${quote(source)} is nested; an expansion holds no other one` };
  if (!source.endsWith('}')) return { fault: `${quote(source)} has no closing brace; a literal \${ is written $\${` };
  const inside = source.slice(2, -1);
  const name = NAME.exec(inside)?.[0];
  const tag = inside.endsWith('|tag');
  const rest = inside.slice(name?.length ?? 0, tag ? -'|tag'.length : undefined);
  const operation = parseOperation(rest);
  if (name === undefined || !operation) return { fault: `${quote(source)} is not understood; there are ${FORMS}` };
  return { name, source, operation, tag };
}

function parseOperation(rest: string): Operation | undefined {
  if (rest === '') return { kind: 'plain' };
  if (rest.startsWith(':-')) return { kind: 'default', word: rest.slice(2) };
  if (rest.startsWith(':+')) return { kind: 'alternative', word: rest.slice(2) };
  const [found, from, fromEnd, length] = SUBSTRING.exec(rest) ?? [];
  const offset = from ?? fromEnd;
  if (found === undefined || (offset === undefined && length === undefined)) return undefined;
  return { kind: 'substring', offset: Number(offset ?? 0), length: length === undefined ? undefined : Number(length) };
}

/** Splits at `separator` where it stands outside an expression: `${X:-a,b}` is one item. */
export function splitOutside(text: string, separator: string, limit = Infinity): string[] {
  const pieces: string[] = [];
  let piece = '';
  // Expressions and escapes whole, everything else letter by letter.
  for (const [token] of text.matchAll(/\$\$\{|\$\{[^}]*\}?|[^]/g)) {
    if (token === separator && pieces.length + 1 < limit) {
      pieces.push(piece);
      piece = '';
    } else piece += token;
  }
  return [...pieces, piece];
}
