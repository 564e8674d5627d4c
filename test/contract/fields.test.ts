import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configurationReply } from '../../src/config/configuration';
import { FIELDS } from '../../src/config/fields';
import { taskSchema } from '../../src/config/schema';
import { firstCells, ROOT } from './form-parts';

const KEYS = FIELDS.map(({ key }) => key);
const REQUIRED = FIELDS.filter(({ required }) => required).map(({ key }) => key);

const read = (root: string, name: string) => readFileSync(join(root, name), 'utf8');

function fields(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const script = join(ROOT, 'scripts/fields.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

test('every key is a plain identifier, and its own', () => {
  expect(KEYS.filter((key) => !/^[A-Z][A-Za-z]*$/.test(key))).toEqual([]);
  expect(new Set(KEYS).size).toBe(KEYS.length);
});

test('the schema knows the fields, and requires what the table requires', () => {
  const schema = taskSchema() as { properties: object; required: string[]; additionalProperties: boolean };
  expect(Object.keys(schema.properties)).toEqual(KEYS);
  expect(schema.required).toEqual(REQUIRED);
  expect(schema.additionalProperties).toBe(false);
});

test('the configuration reply is what GoCD can read, with no default of ours in it', () => {
  const expected = FIELDS.map(({ key, displayName, required }, index) => [
    key,
    {
      'display-name': displayName,
      'display-order': `${index}`,
      'default-value': '',
      required,
      secure: false,
    },
  ]);
  expect(JSON.parse(configurationReply())).toEqual(Object.fromEntries(expected));
  expect(Object.keys(JSON.parse(configurationReply()) as object)).toEqual(KEYS);
});

test('README and docs list the fields', () => {
  const [, listed = ''] = /<!-- fields:start -->([^]*)<!-- fields:end -->/.exec(read(ROOT, 'README.md')) ?? [];
  expect(firstCells(listed)).toEqual(KEYS);
  expect(firstCells(read(ROOT, 'docs/fields.md'))).toEqual(KEYS);
});

test('form, docs and README are up to date with the table', () => {
  expect(fields('--check')).toEqual({ status: 0, stdout: '', stderr: '' });
});

describe('in another folder', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'fields-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  test('the check names what is out of date and changes nothing, then writing makes it right', () => {
    const before = '# A\n\n<!-- fields:start -->\nold\n<!-- fields:end -->\n\nThe rest.\n';
    const marked = ['README.md', 'docs/fields.md'];
    mkdirSync(join(root, 'docs'));
    for (const name of marked) writeFileSync(join(root, name), before);
    expect(fields('--check', '--root', root)).toEqual({
      status: 1,
      stdout: '',
      stderr:
        'Out of date with src/config/fields.ts: templates/task.html, docs/fields.md, README.md. Run: npm run fields\n',
    });
    expect(marked.map((name) => read(root, name))).toEqual([before, before]);
    expect(fields('--root', root).status).toBe(0);
    expect(fields('--check', '--root', root).status).toBe(0);
    for (const name of marked) {
      expect(read(root, name)).toMatch(/^# A\n\n<!-- fields:start -->\n[^]*\n<!-- fields:end -->\n\nThe rest\.\n$/);
      expect(read(root, name)).not.toContain('old\n');
    }
    expect(read(root, 'templates/task.html')).toBe(read(ROOT, 'templates/task.html'));
  });

  test('one changed word in one file is enough', () => {
    mkdirSync(join(root, 'docs'));
    for (const name of ['README.md', 'docs/fields.md']) copyFileSync(join(ROOT, name), join(root, name));
    fields('--root', root);
    const page = join(root, 'docs/fields.md');
    writeFileSync(page, readFileSync(page, 'utf8').replace('Repository', 'Repo'));
    expect(fields('--check', '--root', root).stderr).toBe(
      'Out of date with src/config/fields.ts: docs/fields.md. Run: npm run fields\n',
    );
  });

  test.each(['README.md', 'docs/fields.md'])('%s without the marks is an error that names them', (name) => {
    mkdirSync(join(root, 'docs'));
    for (const each of ['README.md', 'docs/fields.md']) copyFileSync(join(ROOT, each), join(root, each));
    writeFileSync(join(root, name), '# A\n');
    const { status, stderr } = fields('--root', root);
    expect(status).toBe(1);
    expect(stderr).toContain(`${name} has no <!-- fields:start --> and <!-- fields:end --> lines`);
  });
});
