import { toTag } from '../domain/image-ref';
import { nearNames } from './near';
import { quote } from './quote';
import { parseTemplate, type Expression } from './template';

/** What a text became. With a fault in it, `value` is not to be used. */
export interface Expansion {
  readonly value: string;
  /** The variables that were named, whether they were used or not. */
  readonly names: readonly string[];
  /** Sentences, without the field's name. */
  readonly faults: readonly string[];
}

/** The job's variables before the agent's; a Map, never an object, so that `${constructor}` is just not set. */
export function variablesOf(
  job: ReadonlyMap<string, string>,
  agent: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  return new Map([...agent, ...job]);
}

/** Expands a text once: what a variable holds is never read as an expression. */
export function expand(text: string, variables: ReadonlyMap<string, string>): Expansion {
  const template = parseTemplate(text);
  const faults = [...template.faults];
  let value = '';
  for (const part of template.parts) {
    if (typeof part === 'string') {
      value += part;
      continue;
    }
    const result = evaluate(part, variables);
    if ('fault' in result) faults.push(result.fault);
    else value += part.tag ? toTag(result.value) : result.value;
  }
  return { value, names: template.names, faults };
}

type Result = { readonly value: string } | { readonly fault: string };

function evaluate(expression: Expression, variables: ReadonlyMap<string, string>): Result {
  const value = variables.get(expression.name);
  const { operation } = expression;
  switch (operation.kind) {
    case 'default':
      return { value: value || operation.word };
    case 'alternative':
      return { value: value ? operation.word : '' };
    case 'plain':
      return value === undefined ? unresolved(expression, variables) : { value };
    case 'substring':
      return value === undefined ? unresolved(expression, variables) : substring(value, expression.source, operation);
  }
}

/** As bash: characters, a negative offset or length counts from the end. */
function substring(value: string, source: string, range: { offset: number; length: number | undefined }): Result {
  const letters = Array.from(value);
  const from = range.offset < 0 ? letters.length + range.offset : range.offset;
  if (from < 0 || from > letters.length) return { value: '' };
  if (range.length === undefined) return { value: letters.slice(from).join('') };
  const to = range.length < 0 ? letters.length + range.length : from + range.length;
  if (to < from)
    return { fault: `${quote(source)} ends before it begins: the variable has ${letters.length} characters` };
  return { value: letters.slice(from, to).join('') };
}

function unresolved(expression: Expression, variables: ReadonlyMap<string, string>): Result {
  const near = likelyNames(expression.name, [...variables.keys()]);
  const known = near.length > 0 ? `; there is ${near.join(', ')}` : '';
  return { fault: `${quote(expression.source)} names a variable that neither the job nor the agent has${known}` };
}

// GoCD names a revision GO_REVISION with one material and GO_REVISION_<material> with several: whoever looks for a
// revision under another name wants to see them all.
const LOOKS_LIKE_REVISION = /REV|COMMIT|SHA|GIT/i;

function likelyNames(name: string, names: readonly string[]): string[] {
  const revisions = LOOKS_LIKE_REVISION.test(name) ? names.filter((each) => /^GO_REVISION(_|$)/.test(each)) : [];
  return [...new Set([...nearNames(name, names), ...revisions.sort()])];
}
