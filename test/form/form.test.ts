import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { FIELDS, GROUPS } from '../../src/config/fields';
import { validateFields } from '../../src/config/validate';
import { Form, launch, ROOT, type Texts } from './browser';

const FILLED: Texts = {
  Repository: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/cart',
  Tags: '${GO_PIPELINE_LABEL}\n${GO_SCM_BRANCH|tag}',
  Dockerfile: 'services/cart/Dockerfile',
  BuildArgs: 'VERSION=${GO_PIPELINE_LABEL}\nNODE_VERSION=#{node}',
  DockerHost: 'tcp://builders.example.com:2376',
  FloatingTags: 'latest',
  AlsoPushTo: '210987654321.dkr.ecr.us-east-1.amazonaws.com/shop/cart',
  RepositorySettings: '{\n  "scanOnPush": true\n}',
  Target: 'runtime',
  Platform: 'linux/arm64',
  Secrets: 'id=npm,env=NPM_TOKEN\nid=npmrc,src=.npmrc',
  TlsVerify: 'true',
  CertPath: '/etc/docker/builders',
};
const CLOSED = GROUPS.slice(1).map(({ title }) => title);
const namesOf = (group: string) => FIELDS.filter((field) => field.group === group).map((field) => field.displayName);
const refusal = (texts: Texts) => validateFields(new Map(Object.entries(texts)));

// A browser on a busy machine is slow; what is slow is not wrong.
jest.setTimeout(60_000);

let browser: Browser;
let form: Form;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
afterEach(async () => {
  // Asserted here for every test: an expression that AngularJS 1.0.8 can't read is only ever told on the console.
  const { troubles } = form;
  await form.page.close();
  expect(troubles).toEqual([]);
});

describe('a new task', () => {
  beforeEach(async () => {
    form = await Form.open(browser);
  });

  test('shows the first screen and its closed groups', async () => {
    expect(await form.texts('.gocd-ecr-label')).toEqual(namesOf('main'));
    expect(await form.texts('.gocd-ecr-title')).toEqual(CLOSED);
    expect(await form.texts('.gocd-ecr-toggle > span:not(.gocd-ecr-title)')).toEqual([
      '4 optional',
      '10 optional',
      '5 optional',
      '3 optional',
      '5 optional',
      '5 optional',
      '2 optional',
      '4 optional',
    ]);
    expect(await form.texts('.gocd-ecr-error')).toEqual([]);
  });

  test('writes what is typed into GoCD’s model and leaves the rest blank', async () => {
    await form.input('Repository').fill('team/app');
    await form.input('Tags').fill('1.0\nlatest');
    await form.group('TLS to the daemon').click();
    await form.input('TLS to the daemon').fill('#{tls}');
    expect(await form.model()).toEqual({ Repository: 'team/app', Tags: '1.0\nlatest', TlsVerify: '#{tls}' });
  });

  test('takes a parameter and a variable in every field, as it is', async () => {
    const typed: Texts = {};
    for (const title of CLOSED) await form.group(title).click();
    for (const { key, displayName } of FIELDS) {
      typed[key] = `#{${key}}\${A|tag}&<b>"`;
      await form.input(displayName).fill(typed[key]);
    }
    expect(await form.model()).toEqual(typed);
    await form.redraw();
    const shown: Texts = {};
    for (const { key, displayName } of FIELDS) shown[key] = await form.input(displayName).inputValue();
    expect(shown).toEqual(typed);
  });

  test('suggests values', async () => {
    await form.group('Run and results').click();
    const suggested = await form
      .input('Mode')
      .evaluate((input: unknown) =>
        Array.from((input as { list: { options: ArrayLike<{ value: string }> } }).list.options, ({ value }) => value),
      );
    expect(suggested).toEqual(['push', 'build', 'check']);
  });

  test('is used with the keyboard alone', async () => {
    await form.input('Docker daemon').focus();
    await form.page.keyboard.press('Tab');
    await form.page.keyboard.press('Enter');
    const group = form.group('Tags, targets and source');
    expect(await group.getAttribute('aria-expanded')).toBe('true');
    await form.page.keyboard.press('Tab');
    await form.page.keyboard.type('latest');
    expect((await form.model())['FloatingTags']).toBe('latest');
    await group.press('Space');
    expect(await group.getAttribute('aria-expanded')).toBe('false');
    expect(await form.input('Floating tags').isVisible()).toBe(false);
  });
});

describe('a stored task', () => {
  test('is shown, and each closed group tells how many of its fields are set', async () => {
    form = await Form.open(browser, FILLED);
    expect(await form.input('Repository').inputValue()).toBe(FILLED['Repository']);
    expect(await form.input('Tags').inputValue()).toBe(FILLED['Tags']);
    const counts = () => form.texts('.gocd-ecr-toggle > span:not(.gocd-ecr-title)');
    expect(await counts()).toEqual([
      '2 of 4 set',
      '2 of 10 set',
      '1 of 5 set',
      '3 optional',
      '2 of 5 set',
      '5 optional',
      '1 of 2 set',
      '4 optional',
    ]);
    await form.group('Build options').click();
    await form.input('No cache').fill('false');
    await form.input('Target stage').fill('');
    await form.input('Platform').fill('');
    expect(await counts()).toEqual([
      '2 of 4 set',
      '1 of 10 set',
      '1 of 5 set',
      '3 optional',
      '2 of 5 set',
      '5 optional',
      '1 of 2 set',
      '4 optional',
    ]);
  });

  test('that was refused shows each error at its field, in a group that opens for it', async () => {
    const wrong = { ...FILLED, Repository: '', NoCache: 'perhaps not', Mode: 'pull' };
    form = await Form.open(browser, wrong);
    const errors = refusal(wrong);
    expect(Object.keys(errors).sort()).toEqual(['Mode', 'NoCache', 'Repository']);
    await form.refuse(errors);
    expect(await form.error('Repository').innerText()).toBe(errors['Repository']);
    expect(await form.error('No cache').innerText()).toBe(errors['NoCache']);
    expect(await form.error('Mode').innerText()).toBe(errors['Mode']);
    expect(await form.texts('.gocd-ecr-error')).toHaveLength(3);
    expect(await form.texts('.gocd-ecr-wrong')).toEqual(['1 to correct', '1 to correct']);
    const open = CLOSED.map((title) => form.group(title).getAttribute('aria-expanded'));
    expect(await Promise.all(open)).toEqual(['false', 'true', ...Array<string>(5).fill('false'), 'true']);
    expect(await form.input('Mode').getAttribute('aria-invalid')).toBe('true');
    expect(await form.input('Clean-up').getAttribute('aria-invalid')).toBe('false');
  });

  test('loses its errors, and keeps what was opened by hand, when it is right', async () => {
    form = await Form.open(browser, { ...FILLED, Mode: 'pull' });
    await form.group('TLS to the daemon').click();
    await form.refuse(refusal({ ...FILLED, Mode: 'pull' }));
    await form.input('Mode').fill('check');
    await form.refuse(refusal(await form.model()));
    expect(await form.texts('.gocd-ecr-error')).toEqual([]);
    const open = CLOSED.map((title) => form.group(title).getAttribute('aria-expanded'));
    expect(await Promise.all(open)).toEqual([...Array<string>(4).fill('false'), 'true', 'false', 'false', 'false']);
  });

  test('that may only be read can still be opened and read', async () => {
    form = await Form.open(browser, FILLED, true);
    await form.group('Build options').click();
    expect(await form.input('Platform').isVisible()).toBe(true);
    expect(await form.input('Platform').inputValue()).toBe('linux/arm64');
    expect(await form.input('Platform').isDisabled()).toBe(true);
    expect(await form.input('Labels').isDisabled()).toBe(true);
  });

  test('does not mix with an on-cancel task of the same plugin on the same page', async () => {
    form = await Form.open(browser, FILLED);
    const other = await form.another({ Repository: 'other/app' });
    await other.group('AWS').click();
    await other.input('AWS region').fill('eu-central-1');
    expect(await other.model()).toMatchObject({ Repository: 'other/app', Region: 'eu-central-1' });
    expect(await form.model()).toMatchObject(FILLED);
    expect(await form.group('AWS').getAttribute('aria-expanded')).toBe('false');
    const ids: string[] = await form.page
      .locator('[id]')
      .evaluateAll((all: { id: string }[]) => all.map(({ id }) => id));
    expect(ids.length).toBeGreaterThan(2 * FIELDS.length);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

test('the page nowhere scrolls sideways, and leaves the picture for the README', async () => {
  expect(refusal(FILLED)).toEqual({});
  form = await Form.open(browser, FILLED);
  await form.group('TLS to the daemon').click();
  const wider = await form.page
    .locator('.modal *:not(textarea)')
    .evaluateAll((all: { scrollWidth: number; clientWidth: number; tagName: string }[]) =>
      all.filter((one) => one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1).map((one) => one.tagName),
    );
  expect(wider).toEqual([]);
  const path = join(ROOT, 'docs/form.png');
  if (process.env['UPDATE_SCREENSHOT'] === '1' || !existsSync(path)) {
    await form.page.locator('.modal').screenshot({ path, animations: 'disabled' });
  }
  expect(existsSync(path)).toBe(true);
});
