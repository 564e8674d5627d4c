import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fieldNamed } from '../../src/config/fields';
import { validateFields } from '../../src/config/validate';
import { planOf } from '../unit/config/given';
import { ROOT } from './form-parts';

type Texts = Readonly<Record<string, string>>;

const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
const VARIABLES: Texts = {
  NPM_TOKEN: 'npm-123456',
  HUB_TOKEN: 'hub-123456',
  HUB_USER: 'shopbuilds',
  REGISTRY_USER: 'shop',
  REGISTRY_PASSWORD: 'registry-123456',
  SSH_AUTH_SOCK: '/run/agent.sock',
  GO_REVISION_GIT: '3fa9c1d2b7e8',
};

/** The little of YAML that a task's options are written in: `Key: value` and `Key: |` with indented lines. */
function yamlFields(yaml: string): Texts {
  const fields: Record<string, string> = {};
  const pattern = /^([A-Z][A-Za-z]+): ?(.*)\n((?: +.*\n)*)/gm;
  for (const [, key = '', value = '', block = ''] of yaml.matchAll(pattern)) {
    fields[key] = value === '|' ? block.replace(/^ +/gm, '') : value.replace(/^"(.*)"$/, '$1');
  }
  return fields;
}

/** The options of the one task in a pipeline, its lines moved to the left margin. */
function optionsOf(yaml: string): Texts {
  const [, indent = '', options = ''] = /\n( +)options:\n([^]*)$/.exec(yaml) ?? [];
  return yamlFields(options.replaceAll(new RegExp(`^${indent}  `, 'gm'), ''));
}

/** What both the server and the agent say of a task. */
function judge(fields: Texts): unknown {
  const given = { Repository: 'shop/cart', ...fields };
  expect(Object.keys(given).filter((key) => !fieldNamed(key))).toEqual([]);
  return {
    told: validateFields(new Map(Object.entries(given))),
    notes: planOf({ fields: given, job: VARIABLES }).notes,
  };
}

describe('examples/pipelines', () => {
  const yamls = readdirSync(join(ROOT, 'examples/pipelines')).filter((name) => name.endsWith('.yaml'));

  test.each(yamls)('%s is a task without a problem', (name) => {
    const options = optionsOf(read(`examples/pipelines/${name}`));
    expect(options['Repository']).toMatch(/shop\/cart$/);
    expect(judge(options)).toEqual({ told: {}, notes: [] });
  });

  test('YAML, JSON, XML and Groovy say the same', () => {
    const yaml = optionsOf(read('examples/pipelines/cart.gocd.yaml'));
    const text = read('examples/pipelines/cart.gopipeline.json');
    const pairs = Array.from(text.matchAll(/\{ "key": ".*" \}/g), ([pair]) => JSON.parse(pair) as Texts);
    const json = Object.fromEntries(pairs.map(({ key = '', value = '' }) => [key, value]));
    const xml = Object.fromEntries(
      Array.from(
        read('examples/pipelines/cart.xml').matchAll(/<key>(.*)<\/key>\s*<value>([^]*?)<\/value>/g),
        ([, key = '', value = '']) => [key, value],
      ),
    );
    const groovy = Object.fromEntries(
      Array.from(
        read('examples/pipelines/cart.gocd.groovy').matchAll(/^ +([A-Z]\w+): '(.*)',$/gm),
        ([, key = '', value = '']) => [key, value.replaceAll('\\n', '\n')],
      ),
    );
    const trimmed = Object.fromEntries(Object.entries(yaml).map(([key, value]) => [key, value.trim()]));
    expect(Object.keys(trimmed)).toEqual(['Repository', 'Tags', 'BuildArgs']);
    expect([json, xml, groovy]).toEqual([trimmed, trimmed, trimmed]);
  });
});

describe('docs/fields.md', () => {
  const blocks = Array.from(read('docs/fields.md').matchAll(/```yaml\n([^]*?)```/g), ([, yaml = '']) => yaml);

  test.each(blocks)('%j is what it says', (yaml) => {
    const fields = yamlFields(yaml);
    expect(Object.keys(fields)).not.toEqual([]);
    expect(judge(fields)).toEqual({ told: {}, notes: [] });
  });

  test('explains the fields that one sentence does not', () => {
    const headings = Array.from(read('docs/fields.md').matchAll(/^## (.*)$/gm), ([, text = '']) => text).join(' ');
    const fields = ['Builder', 'NoCache', 'Secrets', 'Ssh', 'RegistryLogins', 'CacheFrom', 'CacheTo', 'BuildContexts'];
    const more = ['Provenance', 'ShmSize', 'Ulimits'];
    const push = ['FloatingTags', 'ExistingTag', 'Source', 'AlsoPushTo', 'CreateRepository', 'RepositorySettings'];
    const aws = ['AssumeRole', 'ExternalId', 'AwsProfile'];
    expect([...fields, ...more, ...push, ...aws].filter((key) => !headings.includes(key))).toEqual([]);
  });
});
