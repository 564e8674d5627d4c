import { parseTemplate } from './template';

// A value of BuildArgs and Labels may hold tabs and lines; nothing else may hold any control character.
export const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
export const CONTROL_IN_VALUES = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/;

/** GoCD's own syntax, before the server has resolved it: `##` is `#`, and what holds a `#{param}` is not known yet. */
export function withoutParameters(item: string): string | undefined {
  return item.replaceAll('##', '').includes('#{') ? undefined : item.replaceAll('##', '#');
}

/** Before variables are known: a text that holds one has no value yet. */
export function readLiteral(typed: string): {
  value: string | undefined;
  names: readonly string[];
  faults: readonly string[];
} {
  const { parts, names, faults } = parseTemplate(typed);
  const value = parts.every((part) => typeof part === 'string') ? parts.join('') : undefined;
  return { value, names, faults };
}

/** A control character, as a message names it. */
export function nameOf(letter: string): string {
  const code = letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return letter === '\n' || letter === '\r' ? `a line break (U+${code})` : `the control character U+${code}`;
}
