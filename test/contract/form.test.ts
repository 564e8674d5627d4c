import { FIELDS, GROUPS } from '../../src/config/fields';
import { elements, expressions, HTML, options } from './form-parts';

const KEYS = FIELDS.map(({ key }) => key);
const INPUTS = elements('input|textarea');
const AREAS = ['tags', 'lines', 'pairs', 'json'];
const idOf = (key: string) => `gocd-ecr-{{$id}}-${key}`;

test('the table has its fields group by group, or form and table would differ in order', () => {
  const inGroups = GROUPS.flatMap(({ id }) => FIELDS.filter(({ group }) => group === id));
  expect(FIELDS).toEqual(inGroups);
});

test('the form has one input per field and no other', () => {
  expect(INPUTS.map((input) => input['ng-model'])).toEqual(KEYS);
  expect(elements('textarea').map((area) => area['ng-model'])).toEqual(
    FIELDS.filter(({ kind }) => AREAS.includes(kind)).map(({ key }) => key),
  );
});

test('its first screen is what most tasks need', () => {
  const first = HTML.slice(0, HTML.indexOf('<div class="gocd-ecr-groups">'));
  expect(Array.from(first.matchAll(/ng-model="(\w+)"/g), ([, key]) => key)).toEqual([
    'Repository',
    'Tags',
    'Context',
    'Dockerfile',
    'BuildArgs',
    'DockerHost',
  ]);
});

test('all inputs take any text: parameters and variables must fit everywhere', () => {
  expect(elements('input').map(({ type }) => type)).toEqual(elements('input').map(() => 'text'));
  expect(HTML).not.toMatch(/<select|checkbox|radio|type="number"|maxlength|pattern=/);
});

describe.each(FIELDS)('$key', (field) => {
  const input = INPUTS.find((one) => one['ng-model'] === field.key) ?? {};

  test('shows its default, or says that it is an example', () => {
    const example = field.default === '' && (field.required || ['pairs', 'lines', 'json'].includes(field.kind));
    expect(input['placeholder']).toBe(field.default || `${example ? 'e.g. ' : ''}${field.placeholder}`);
  });

  test('has its label, its help and its error', () => {
    const error = `GOINPUTNAME[${field.key}].$error.server`;
    expect(input['id']).toBe(idOf(field.key));
    expect(HTML).toContain(`for="${idOf(field.key)}">${field.displayName}</label>`);
    expect(input['aria-describedby']).toBe(`${idOf(field.key)}-help ${idOf(field.key)}-error`);
    expect(input['aria-invalid']).toBe(`{{!!${error}}}`);
    const [, help = ''] = new RegExp(`-${field.key}-help">(.*)</p>`).exec(HTML) ?? [];
    const words = help
      .replace(/<\/?code[^>]*>/g, '')
      .replace(/&#60;/g, '<')
      .replace(/&#62;/g, '>');
    expect(words).toBe(field.help.replaceAll('`', ''));
    expect(HTML).toContain(
      `id="${idOf(field.key)}-error" ng-show="${error}" style="display: none">{{${error}}}</span>`,
    );
  });

  test('suggests its values', () => {
    expect(options(`${idOf(field.key)}-list`)).toEqual(field.suggestions);
    expect(input['list']).toBe(field.suggestions.length === 0 ? undefined : `${idOf(field.key)}-list`);
  });
});

test.each(GROUPS.slice(1))(
  'the group "$title" opens for the errors and counts the texts of all its fields',
  (group) => {
    const keys = FIELDS.filter((field) => field.group === group.id).map(({ key }) => key);
    const errors = keys.map((key) => `!!GOINPUTNAME[${key}].$error.server`);
    const body = elements('div').find(({ id }) => id === `gocd-ecr-{{$id}}-group-${group.id}`);
    expect(body?.['ng-show']).toBe(`gocdEcrOpen.${group.id} || ${errors.join(' || ')}`);
    expect(HTML).toContain(`{{0 + ${keys.map((key) => `!!${key}`).join(' + ')}}} of ${keys.length} set`);
    const button = elements('button').find((one) => one['aria-controls'] === body?.['id']);
    expect(button).toMatchObject({ type: 'button', 'aria-expanded': `{{!!(${String(body?.['ng-show'])})}}` });
  },
);

describe('GoCD’s AngularJS 1.0.8', () => {
  test('can read every expression', () => {
    expect(expressions().length).toBeGreaterThan(4 * FIELDS.length);
    expect(expressions().filter((text) => /[!=]==|\?|\bng-if\b|=>|`/.test(text))).toEqual([]);
    expect(HTML).not.toMatch(/ng-if|ng-repeat|ng-init|<script|\son\w+=/);
  });

  test('finds an error only where GoCD rewrites the whole name', () => {
    const named = Array.from(HTML.matchAll(/GOINPUTNAME(\[\w+\]\.\$error\.server)?/g), ([, key]) => key?.slice(1, -15));
    expect([...new Set(named)].sort()).toEqual([...KEYS].sort());
  });

  test('gets ids that are unique on a page with two forms, and classes that are ours alone', () => {
    const ids = Array.from(HTML.matchAll(/\sid="([^"]*)"/g), ([, id = '']) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !id.startsWith('gocd-ecr-{{$id}}-'))).toEqual([]);
    const classes = Array.from(HTML.matchAll(/class="([^"]*)"/g), ([, names = '']) => names.split(' ')).flat();
    expect(classes.filter((name) => !/^gocd-ecr(-[a-z]+)?$/.test(name))).toEqual([]);
    const [, css = ''] = /<style>([^]*)<\/style>/.exec(HTML) ?? [];
    const selectors = css.replace(/\/\*[^]*?\*\//g, '').match(/[^{}]+(?=\{)/g) ?? [];
    const named = selectors
      .flatMap((one) => one.trim().split(/,\s*(?![^()]*\))/))
      .filter((one) => !one.startsWith('@'));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((one) => !one.startsWith('.gocd-ecr'))).toEqual([]);
  });
});
