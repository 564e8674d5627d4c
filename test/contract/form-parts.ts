import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(__dirname, '../..');
export const HTML = readFileSync(join(ROOT, 'templates/task.html'), 'utf8');

type Attributes = Readonly<Record<string, string>>;

const SIGNS: Readonly<Record<string, string>> = { '&#60;': '<', '&#62;': '>', '&#38;': '&', '&#34;': '"' };
const plain = (text: string) => text.replace(/&#\d+;/g, (sign) => SIGNS[sign] ?? sign);

/** The attributes of every element of that name, in the order of the form. */
export function elements(name: string): Attributes[] {
  const tags = HTML.matchAll(new RegExp(`<(?:${name})((?:\\s+[\\w-]+(?:="[^"]*")?)*)\\s*>`, 'g'));
  return Array.from(tags, ([, text = '']) =>
    Object.fromEntries(
      Array.from(text.matchAll(/([\w-]+)(?:="([^"]*)")?/g), ([, key = '', value = '']) => [key, plain(value)]),
    ),
  );
}

/** Everything that AngularJS reads as an expression. */
export function expressions(): string[] {
  const directives = Array.from(HTML.matchAll(/\sng-[\w-]+="([^"]*)"/g), ([, text = '']) => text);
  const interpolated = Array.from(HTML.matchAll(/\{\{(.*?)\}\}/g), ([, text = '']) => text);
  return [...directives, ...interpolated].map(plain);
}

/** The suggestions of the datalist with that id. */
export function options(id: string): string[] {
  const [, list = ''] = HTML.split(`<datalist id="${id}">`);
  const [inside = ''] = list.split('</datalist>');
  return Array.from(inside.matchAll(/<option value="([^"]*)">/g), ([, value = '']) => plain(value));
}

/** The first cells of all rows of Markdown tables, `code` marks off. */
export function firstCells(markdown: string): string[] {
  return Array.from(markdown.matchAll(/^\| `(\w+)` \|/gm), ([, key = '']) => key);
}
