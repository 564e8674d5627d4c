import { lstat, readFile, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { StepError } from '../../../src/domain/errors';
import { parseDigest, parseImageId, parseTag } from '../../../src/domain/image-ref';
import type { BuildResult, Outcome, PushedTag, RunState } from '../../../src/domain/outcome';
import type { Plan, RunIdentity } from '../../../src/domain/plan';
import { openRawLog } from '../../../src/files/raw-log';
import { createResultFiles } from '../../../src/files/results';
import { DAEMON, HOST, plan as somePlan } from '../pipeline/fake-ports';
import { useFolders } from './job-folder';
import { thrown } from './thrown';

const folders = useFolders();
const files = createResultFiles({ version: '1.2.3', redact: (text) => text.replaceAll('pa"ss\nword', '****') });
const TIMES = { startedAt: Date.UTC(2026, 4, 6, 7, 8, 9, 10), endedAt: Date.UTC(2026, 4, 6, 7, 9, 9, 15) };
const times = { ...TIMES, phases: new Map([['build', 41_000]]) };
const sha = (digit: string): string => `sha256:${digit.repeat(64)}`;

const GOCD = { pipeline: 'cart', counter: '42', label: '1.42', stage: 'image', stageCounter: '1', job: 'push' };
const RUN: RunIdentity = {
  ...GOCD,
  server: '',
  revisions: new Map([['GO_REVISION_GIT', '3fa9c1d']]),
  taskKey: '00aa',
  mark: { pipeline: 'cart', counter: '42', revision: 'GIT=3fa9c1d', fields: '77' },
  repository: 'shop/cart',
  reuseKey: undefined,
};
const common = {
  startedAt: '2026-05-06T07:08:09.010Z',
  durationMs: 60_005,
  phases: { build: 41_000 },
  mode: 'push',
  gocd: { ...GOCD, revisions: { GO_REVISION_GIT: '3fa9c1d' } },
  plugin: { id: 'gocd-ecr-task', version: '1.2.3' },
};

const result: BuildResult = {
  from: 'build',
  imageId: parseImageId(sha('a'))!,
  sizeBytes: 1234,
  platform: 'linux/amd64',
  bases: [
    { ref: 'node:20', digest: parseDigest(sha('b')), imageId: undefined },
    { ref: 'ours:1', digest: undefined, imageId: parseImageId(sha('c')) },
  ],
  builder: 'classic',
  daemon: DAEMON,
  endpoint: 'unix:///d.sock',
};
const pushed = (tag: string, previous?: string, changes: Partial<PushedTag> = {}): PushedTag => ({
  ref: { repository: { host: HOST, path: 'shop/cart' }, tag: parseTag(tag)! },
  digest: parseDigest(sha('d'))!,
  previous: parseDigest(previous),
  how: 'pushed',
  floating: tag === 'latest',
  ...changes,
});
const OTHER = { host: '444455556666.dkr.ecr.us-east-1.amazonaws.com', path: 'shop/cart' };
const elsewhere = (tag: string, changes: Partial<PushedTag> = {}): PushedTag => {
  return pushed(tag, undefined, { ref: { repository: OTHER, tag: parseTag(tag)! }, ...changes });
};
const state: RunState = {
  awsProven: 'account 111122223333',
  daemonProven: undefined,
  registry: HOST,
  registryProven: true,
  pushed: [pushed('42')],
  missing: ['latest'],
  targets: [],
};
const built: Outcome = { kind: 'built', result, refs: ['shop/cart:42'] };

function plan(change: Partial<RunIdentity> = {}, repository?: Partial<Plan['repository']>): Plan {
  const { repository: usual } = somePlan();
  return somePlan({
    repository: { ...usual, ...repository },
    run: { ...RUN, ...change },
    files: { jobFolder: folders.job, resultFile: 'out/cart.json', outputs: [] },
  });
}

async function jsonIn(name: string): Promise<unknown> {
  return JSON.parse(await readFile(join(folders.job, name), 'utf8')) as unknown;
}

describe('finish', () => {
  test('pushed: the result and the variables', async () => {
    const latest = pushed('latest', undefined, { how: 'put' });
    const outcome: Outcome = { kind: 'pushed', result, pushed: [pushed('42', sha('e')), latest] };
    expect(await files.finish(plan(), outcome, times)).toEqual(['out/cart.json', 'out/cart.env']);
    const target = `${HOST}/shop/cart`;
    const { product, engineVersion, apiVersion, os, arch, store } = DAEMON;
    expect(await jsonIn('out/cart.json')).toEqual({
      image: `${target}@${sha('d')}`,
      tag: '42',
      digest: sha('d'),
      from: 'build',
      imageId: sha('a'),
      images: [
        { ref: `${target}:42`, digest: sha('d'), previous: sha('e'), how: 'pushed', floating: false, target },
        { ref: `${target}:latest`, digest: sha('d'), previous: null, how: 'put', floating: true, target },
      ],
      registry: HOST,
      repository: 'shop/cart',
      bases: [
        { ref: 'node:20', digest: sha('b'), imageId: null },
        { ref: 'ours:1', digest: null, imageId: sha('c') },
      ],
      sizeBytes: 1234,
      platform: 'linux/amd64',
      builder: 'classic',
      daemon: { endpoint: 'unix:///d.sock', product, engineVersion, apiVersion, os, arch, store },
      ...common,
    });
    expect(await readFile(join(folders.job, 'out/cart.env'), 'utf8')).toBe(`IMAGE=${target}@${sha('d')}\n`);
    for (const name of ['out/cart.json', 'out/cart.env']) {
      expect((await lstat(join(folders.job, name))).mode & 0o777).toBe(0o600);
    }
    expect(await readdir(join(folders.job, 'out'))).toEqual(['cart.env', 'cart.json']);
  });

  test('pushed without a daemon: what is not known is null', async () => {
    const reused: BuildResult = {
      ...result,
      from: 'registry',
      imageId: undefined,
      platform: undefined,
      bases: [],
      builder: undefined,
      daemon: undefined,
    };
    const present = pushed('42', sha('d'), { how: 'present' });
    await files.finish(plan(), { kind: 'pushed', result: reused, pushed: [present] }, times);
    expect(await jsonIn('out/cart.json')).toMatchObject({
      from: 'registry',
      image: `${HOST}/shop/cart@${sha('d')}`,
      images: [{ how: 'present' }],
      imageId: null,
      platform: null,
      bases: [],
      sizeBytes: 1234,
      builder: null,
      daemon: null,
    });
  });

  test.each<[string, Partial<Plan['repository']>, PushedTag[], string]>([
    ['whichever target is told first', {}, [elsewhere('42'), pushed('latest'), pushed('42')], HOST],
    ['a host that is not typed', { host: undefined }, [pushed('42'), elsewhere('42')], HOST],
    ['another path than was asked for', { path: 'shop/other' }, [elsewhere('42'), pushed('42')], OTHER.host],
  ])('the image is that of the first lasting tag of field Repository: %s', async (_what, repository, tags, host) => {
    const other = sha('f');
    const all = tags.map((one) => (one.floating ? { ...one, digest: parseDigest(other)! } : one));
    await files.finish(plan({}, repository), { kind: 'pushed', result, pushed: all }, times);
    const image = `${host}/shop/cart@${sha('d')}`;
    expect(await jsonIn('out/cart.json')).toMatchObject({ image, tag: '42', digest: sha('d'), registry: host });
    expect(await readFile(join(folders.job, 'out/cart.env'), 'utf8')).toBe(`IMAGE=${image}\n`);
  });

  test('built: no digest is claimed, the variable is the image id', async () => {
    await files.finish(plan({}, { host: undefined }), built, times);
    expect(await jsonIn('out/cart.json')).toMatchObject({
      image: null,
      tag: null,
      digest: null,
      imageId: sha('a'),
      images: [],
      refs: ['shop/cart:42'],
      registry: null,
    });
    expect(await readFile(join(folders.job, 'out/cart.env'), 'utf8')).toBe(`IMAGE_ID=${sha('a')}\n`);
  });

  test('failed: what the console says, and no result', async () => {
    const error = new StepError('PUSH_DENIED', 'daemon-registry', 'environment', 'The push was denied', {
      hint: 'Allow ecr:PutImage',
      words: 'denied: no',
    });
    const outcome: Outcome = { kind: 'failed', phase: 'push', error, state };
    expect(await files.finish(plan(), outcome, times)).toEqual(['out/cart.failed.json']);
    expect(await jsonIn('out/cart.failed.json')).toEqual({
      ended: 'failed',
      phase: 'push',
      code: 'PUSH_DENIED',
      hop: 'daemon-registry',
      blame: 'environment',
      message: 'The push was denied',
      hint: 'Allow ecr:PutImage',
      words: 'denied: no',
      state: {
        awsProven: 'account 111122223333',
        daemonProven: null,
        registryProven: true,
        pushed: [{ ref: `${HOST}/shop/cart:42`, digest: sha('d'), how: 'pushed' }],
        missing: ['latest'],
      },
      targets: [],
      registry: HOST,
      repository: 'shop/cart',
      ...common,
    });
    expect(await readdir(join(folders.job, 'out'))).toEqual(['cart.failed.json']);
  });

  test('a target failed: what is where, and no result', async () => {
    const denied = new StepError('AWS_DENIED', 'agent-aws', 'environment', 'ecr:PutImage is denied: pa"ss\nword');
    const error = new StepError('TARGETS_FAILED', 'none', 'environment', '1 of 2 targets failed');
    const targets: RunState['targets'] = [
      { name: `${HOST}/shop/cart`, error: undefined, pushed: [pushed('42'), pushed('latest')], missing: [] },
      {
        name: `${OTHER.host}/shop/cart`,
        error: denied,
        pushed: [elsewhere('42', { how: 'put' })],
        missing: ['latest'],
      },
    ];
    const outcome: Outcome = { kind: 'failed', phase: 'push', error, state: { ...state, targets } };
    expect(await files.finish(plan(), outcome, times)).toEqual(['out/cart.failed.json']);
    const there = (host: string, tag: string, how: string): object => {
      return { ref: `${host}/shop/cart:${tag}`, digest: sha('d'), how };
    };
    expect(await jsonIn('out/cart.failed.json')).toMatchObject({
      code: 'TARGETS_FAILED',
      targets: [
        {
          name: `${HOST}/shop/cart`,
          code: null,
          message: null,
          pushed: [there(HOST, '42', 'pushed'), there(HOST, 'latest', 'pushed')],
          missing: [],
        },
        {
          name: `${OTHER.host}/shop/cart`,
          code: 'AWS_DENIED',
          message: 'ecr:PutImage is denied: ****',
          pushed: [there(OTHER.host, '42', 'put')],
          missing: ['latest'],
        },
      ],
    });
    expect(await readdir(join(folders.job, 'out'))).toEqual(['cart.failed.json']);
  });

  test.each<[Outcome, object]>([
    [
      { kind: 'cancelled', phase: undefined, state },
      { ended: 'cancelled', phase: null, code: 'CANCELLED', message: 'Cancelled' },
    ],
    [
      { kind: 'timed-out', phase: 'build', limitMs: 60_000, state },
      {
        ended: 'timed-out',
        phase: 'build',
        code: 'TIMED_OUT',
        message: 'Ended by field TimeoutMinutes',
        limitMs: 60_000,
      },
    ],
  ])('%j', async (outcome, expected) => {
    await files.finish(plan(), outcome, times);
    expect(await jsonIn('out/cart.failed.json')).toMatchObject(expected);
  });

  test('checked: nothing', async () => {
    expect(await files.finish(plan(), { kind: 'checked' }, times)).toEqual([]);
    expect(await readdir(join(folders.job, 'out'))).toEqual([]);
  });

  test('a secret is masked before JSON escapes it', async () => {
    const error = new StepError('PUSH_DENIED', 'daemon-registry', 'environment', 'denied: pa"ss\nword', {
      words: '{"auth":"pa"ss\nword"}',
    });
    await files.finish(plan(), { kind: 'failed', phase: 'push', error, state }, times);
    const text = await readFile(join(folders.job, 'out/cart.failed.json'), 'utf8');
    expect(text).not.toContain('word"');
    expect(JSON.parse(text)).toMatchObject({ message: 'denied: ****', words: '{"auth":"****"}' });
  });

  test('the log is named where there is one of this run', async () => {
    const log = await openRawLog(folders.job, 'out/cart.log');
    try {
      expect(await files.finish(plan(), { kind: 'checked' }, times)).toEqual(['out/cart.log']);
    } finally {
      await log.close();
    }
  });

  test('a link in the place of a file is replaced', async () => {
    const keys = await folders.put('outside/authorized_keys', 'ours');
    await folders.put('job/out/x');
    await symlink(keys, join(folders.job, 'out/cart.json'));
    await files.finish(plan(), built, times);
    expect(await readFile(keys, 'utf8')).toBe('ours');
    expect((await lstat(join(folders.job, 'out/cart.json'))).isFile()).toBe(true);
  });
});

describe('begin', () => {
  test('removes all that an earlier run left, and nothing else', async () => {
    for (const name of ['cart.json', 'cart.env', 'cart.failed.json', 'other.json'])
      await folders.put(`job/out/${name}`);
    const keys = await folders.put('outside/authorized_keys', 'ours');
    await symlink(keys, join(folders.job, 'out/cart.log'));
    await files.begin(plan());
    expect(await readdir(join(folders.job, 'out'))).toEqual(['other.json']);
    expect(await readFile(keys, 'utf8')).toBe('ours');
  });

  test("spares this process's own log", async () => {
    const log = await openRawLog(folders.job, 'out/cart.log');
    await files.begin(plan());
    expect(await readdir(join(folders.job, 'out'))).toEqual(['cart.log']);
    await log.close();
  });

  test('refuses to overwrite what this job run made for another repository', async () => {
    await files.finish(plan(), built, times);
    expect(await thrown(files.begin(plan({}, { path: 'shop/checkout' })))).toEqual({
      code: 'RESULT_FILE',
      hop: 'none',
      blame: 'config',
      message: `out/cart.json was already written by this job for ${HOST}/shop/cart; this task builds shop/checkout`,
      hint: 'Give each task of the job its own field ResultFile',
    });
    expect(await readdir(join(folders.job, 'out'))).toEqual(['cart.env', 'cart.json']);
  });

  test('the same path in another registry is another repository', async () => {
    const other = '444455556666.dkr.ecr.eu-west-1.amazonaws.com';
    await files.finish(plan(), built, times);
    expect(await thrown(files.begin(plan({}, { host: other })))).toMatchObject({
      message: `out/cart.json was already written by this job for ${HOST}/shop/cart; this task builds ${other}/shop/cart`,
    });
    await files.begin(plan({}, { host: undefined }));
  });

  test('a result without a registry', async () => {
    await files.finish(plan({}, { host: undefined }), built, times);
    const message = 'out/cart.json was already written by this job for shop/cart; this task builds shop/checkout';
    expect(await thrown(files.begin(plan({}, { host: undefined, path: 'shop/checkout' })))).toMatchObject({
      message,
    });
  });

  test.each<[string, Partial<RunIdentity>, Partial<Plan['repository']>]>([
    ['the same repository, again', {}, {}],
    ['a later run', { counter: '43' }, { path: 'shop/checkout' }],
    ['a rerun of the stage', { stageCounter: '2' }, { path: 'shop/checkout' }],
    ['another job', { job: 'push-2' }, { path: 'shop/checkout' }],
    ['another pipeline', { pipeline: 'checkout' }, { path: 'shop/checkout' }],
  ])('%s removes it', async (_what, change, repository) => {
    await files.finish(plan(), built, times);
    await files.begin(plan(change, repository));
    expect(await readdir(join(folders.job, 'out'))).toEqual([]);
  });

  test('outside GoCD there is no telling one run from the next', async () => {
    await files.finish(plan({ pipeline: '' }), built, times);
    await files.begin(plan({ pipeline: '' }, { path: 'shop/checkout' }));
    expect(await readdir(join(folders.job, 'out'))).toEqual([]);
  });

  test.each([
    ['no JSON', 'IMAGE=x'],
    ['another JSON', '[{"repository":"shop/cart"}]'],
    ['a text', '"x"'],
    ['null', 'null'],
    ['more than a megabyte', `{"gocd":${JSON.stringify(GOCD)},"repository":"x","pad":"${'x'.repeat(1024 * 1024)}"}`],
    ['a repository that is no text', `{"gocd":${JSON.stringify(GOCD)},"repository":1}`],
  ])('%s is no result of ours', async (_what, content) => {
    await folders.put('job/out/cart.json', content);
    await files.begin(plan());
    expect(await readdir(join(folders.job, 'out'))).toEqual([]);
  });

  test('a link is not read', async () => {
    await files.finish(plan(), built, times);
    await symlink('cart.json', join(folders.job, 'out/again.json'));
    const again = plan({}, { path: 'shop/checkout' });
    await files.begin({ ...again, files: { ...again.files, resultFile: 'out/again.json' } });
    expect(await readdir(join(folders.job, 'out'))).toEqual(['cart.env', 'cart.json']);
  });
});
