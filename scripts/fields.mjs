// Writes what is made from the table of the fields (src/config/fields.ts): the form, and the tables of README.md and
// docs/fields.md, between two marks each.
//   --check        writes nothing, ends with 1 if any of them is out of date
//   --root FOLDER  where these files are, instead of the repository
import { mkdirSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { pageFields, readmeFields } from './field-tables.mjs';
import { formHtml } from './form-html.mjs';

const MARKED = /(<!-- fields:start -->\n)[^]*?(<!-- fields:end -->)/;

const home = join(import.meta.dirname, '..');
const { values: options } = parseArgs({ options: { check: { type: 'boolean' }, root: { type: 'string' } } });
const root = resolve(options.root ?? home);

async function table() {
  const { outputFiles } = await build({
    absWorkingDir: home,
    entryPoints: ['src/config/fields.ts'],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
  });
  const module = { exports: {} };
  new Function('module', 'exports', outputFiles[0].text)(module, module.exports);
  return module.exports;
}

const read = (name) => (existsSync(join(root, name)) ? readFileSync(join(root, name), 'utf8') : '');

function marked(name, tables) {
  const text = read(name);
  if (!MARKED.test(text)) throw new Error(`${name} has no <!-- fields:start --> and <!-- fields:end --> lines`);
  return text.replace(MARKED, (_, start, end) => `${start}${tables}${end}`);
}

const { FIELDS, GROUPS } = await table();
const css = readFileSync(join(home, 'templates/task.css'), 'utf8');
const files = {
  'templates/task.html': formHtml(FIELDS, GROUPS, css),
  'docs/fields.md': marked('docs/fields.md', pageFields(FIELDS, GROUPS)),
  'README.md': marked('README.md', readmeFields(FIELDS, GROUPS)),
};
const stale = Object.entries(files).filter(([name, text]) => read(name) !== text);

for (const [name, text] of options.check ? [] : stale) {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
  process.stdout.write(`${name} written\n`);
}
if (options.check && stale.length > 0) {
  const names = stale.map(([name]) => name).join(', ');
  process.stderr.write(`Out of date with src/config/fields.ts: ${names}. Run: npm run fields\n`);
  process.exitCode = 1;
}
