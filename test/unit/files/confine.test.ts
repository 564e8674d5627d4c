import { symlink, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StepError } from '../../../src/domain/errors';
import { confine, isBeneath } from '../../../src/files/confine';
import { openBeneath, readBeneath } from '../../../src/files/open-beneath';
import { asNobody, fifo, folder, linkTo, makeTree, mode, removeTrees } from './temp-tree';
import { thrown } from './thrown';

afterEach(removeTrees);

const refused = { absolute: 'refused', what: 'Secrets' } as const;
const allowed = { absolute: 'allowed', what: 'Dockerfile' } as const;

describe('a relative path', () => {
  test('is answered as its real path', async () => {
    const job = await makeTree({ 'app/Dockerfile': 'x', link: linkTo('app') });
    expect(await confine(job, 'app/Dockerfile', refused)).toBe(join(job, 'app/Dockerfile'));
    expect(await confine(job, 'link/../link/./Dockerfile', refused)).toBe(join(job, 'app/Dockerfile'));
    expect(await confine(job, '.', refused)).toBe(job);
  });

  test('may not climb out', async () => {
    const job = await makeTree();
    for (const path of ['..', '../x', 'a/../../x']) {
      expect(await thrown(confine(job, path, allowed))).toEqual({
        code: 'PATH_OUTSIDE',
        hop: 'none',
        blame: 'config',
        message: `Dockerfile "${path}" lies outside the job's folder ${job}`,
        hint: "Name a path inside the job's folder in Dockerfile",
      });
    }
  });

  test('may not lead out through a link, be it the last part or a folder on the way', async () => {
    const elsewhere = await makeTree({ id_rsa: 'KEY' });
    const job = await makeTree({ Dockerfile: linkTo(join(elsewhere, 'id_rsa')), sub: linkTo(elsewhere) });
    for (const path of ['Dockerfile', 'sub/id_rsa']) {
      expect(await thrown(confine(job, path, allowed))).toMatchObject({
        code: 'PATH_OUTSIDE',
        message: `Dockerfile "${path}" leads through a link to ${elsewhere}/id_rsa, outside the job's folder ${job}`,
      });
    }
  });

  test('may follow a link that stays inside', async () => {
    const job = await makeTree({ real: 'x', chain2: linkTo('real'), chain1: linkTo('chain2') });
    expect(await confine(job, 'chain1', refused)).toBe(join(job, 'real'));
  });

  test('is measured against the real folder of a job that is reached through a link', async () => {
    const job = await makeTree({ file: 'x' });
    const around = await makeTree({ alias: linkTo(job) });
    expect(await confine(join(around, 'alias'), 'file', refused)).toBe(join(job, 'file'));
  });
});

describe('an absolute path', () => {
  test('outside the job is allowed only where it is', async () => {
    const elsewhere = await makeTree({ file: 'x' });
    const job = await makeTree();
    const path = join(elsewhere, 'file');
    expect(await confine(job, path, allowed)).toBe(path);
    expect(await thrown(confine(job, path, refused))).toMatchObject({
      code: 'PATH_OUTSIDE',
      message: `Secrets "${path}" lies outside the job's folder ${job}`,
    });
  });

  test("that begins with the job's folder is held to the rule for relative ones", async () => {
    const elsewhere = await makeTree({ key: 'KEY' });
    const job = await makeTree({ file: 'x', evil: linkTo(join(elsewhere, 'key')) });
    expect(await confine(job, join(job, 'file'), refused)).toBe(join(job, 'file'));
    expect(await thrown(confine(job, join(job, 'evil'), allowed))).toMatchObject({ code: 'PATH_OUTSIDE' });
  });

  test('stays within the folder that it was given', async () => {
    const elsewhere = await makeTree({ key: 'KEY' });
    const context = await makeTree({ Dockerfile: linkTo(join(elsewhere, 'key')), ok: linkTo('x'), x: 'x' });
    const job = await makeTree();
    const options = { ...allowed, within: context };
    expect(await confine(job, join(context, 'ok'), options)).toBe(join(context, 'x'));
    expect(await thrown(confine(job, join(context, 'Dockerfile'), options))).toMatchObject({
      code: 'PATH_OUTSIDE',
      message: `Dockerfile "${context}/Dockerfile" leads through a link to ${elsewhere}/key, outside ${context}`,
    });
  });
});

describe('a path that names nothing usable', () => {
  test.each([
    ['nothing', 'it is not there'],
    ['file/x', 'it is not there'],
    ['loop', 'its links lead in a circle (ELOOP)'],
    ['dangling', 'it is not there'],
    ['a\0b', 'it is not there'],
    ['n'.repeat(300), 'it cannot be reached (ENAMETOOLONG)'],
    ['folder', 'it is a folder, not a file'],
    ['pipe', 'it is neither a file nor a folder, not a file'],
  ])('%s', async (path, why) => {
    const job = await makeTree({ file: 'x', loop: linkTo('loop'), dangling: linkTo('no'), folder, pipe: fifo });
    expect(await thrown(confine(job, path, { ...refused, mustBe: 'file' }))).toEqual({
      code: 'CONFIG_INVALID',
      hop: 'none',
      blame: 'config',
      message: `Secrets "${path}" cannot be used: ${why} (looked for ${join(job, path)})`,
      hint: undefined,
    });
  });

  test('a file is no folder', async () => {
    const job = await makeTree({ file: 'x' });
    expect(await thrown(confine(job, 'file', { ...refused, mustBe: 'folder' }))).toMatchObject({
      message: `Secrets "file" cannot be used: it is a file, not a folder (looked for ${job}/file)`,
    });
  });

  test('a folder on the way that may not be entered', async () => {
    const job = await makeTree({ 'closed/file': 'x' });
    const { chmod } = await import('node:fs/promises');
    await chmod(join(job, 'closed'), 0o700);
    expect(await asNobody(() => thrown(confine(job, 'closed/file', refused)))).toMatchObject({
      message: `Secrets "closed/file" cannot be used: the agent's user may not reach it (EACCES) (looked for ${job}/closed/file)`,
    });
  });

  test('the caller may have its own words', async () => {
    const job = await makeTree();
    const missing = (lookedFor: string, why: string): StepError =>
      new StepError('DOCKERFILE_MISSING', 'none', 'config', `${lookedFor}: ${why}`);
    expect(await thrown(confine(job, 'x', { ...refused, missing }))).toMatchObject({
      code: 'DOCKERFILE_MISSING',
      message: `${job}/x: it is not there`,
    });
  });

  test('a job folder that is not there', async () => {
    const job = await makeTree();
    await rm(job, { recursive: true });
    expect(await thrown(confine(job, 'x', refused))).toEqual({
      code: 'CONTEXT_MISSING',
      hop: 'none',
      blame: 'config',
      message: `The task's working directory ${job} is not there (ENOENT)`,
      hint: 'A material or an earlier task must create it; the working directory is set on the task itself',
    });
  });
});

test('isBeneath is not fooled by names that begin alike', () => {
  expect(isBeneath('/a/job', '/a/job')).toBe(true);
  expect(isBeneath('/a/job', '/a/job/..x')).toBe(true);
  expect(isBeneath('/a/job', '/a/job2')).toBe(false);
  expect(isBeneath('/a/job', '/a')).toBe(false);
});

describe('opening', () => {
  test('reads what is there', async () => {
    const job = await makeTree({ file: 'content', empty: '' });
    expect((await readBeneath(job, 'file', { ...refused, maxBytes: 7 })).toString()).toBe('content');
    expect((await readBeneath(job, 'empty', { ...refused, maxBytes: 0 })).length).toBe(0);
  });

  test('refuses more than the limit, whatever size the file claims to have', async () => {
    const job = await makeTree({ file: 'content' });
    expect(await thrown(readBeneath(job, 'file', { ...refused, maxBytes: 6 }))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'Secrets "file" is larger than 6 bytes',
    });
    // The size of what is in /proc is 0.
    expect(await thrown(readBeneath(job, '/proc/self/status', { ...allowed, maxBytes: 10 }))).toMatchObject({
      message: 'Dockerfile "/proc/self/status" is larger than 10 bytes',
    });
    const tooLarge = (): StepError => new StepError('DOCKERFILE_INVALID', 'none', 'build', 'own words');
    expect(await thrown(readBeneath(job, 'file', { ...refused, maxBytes: 6, tooLarge }))).toMatchObject({
      message: 'own words',
    });
  });

  test('does not wait for a FIFO', async () => {
    const job = await makeTree({ pipe: fifo });
    expect(await thrown(openBeneath(job, 'pipe', refused))).toMatchObject({ code: 'CONFIG_INVALID' });
  });

  test('says when it may not', async () => {
    const job = await makeTree({ secret: mode(0o600, 'x') });
    expect(await asNobody(() => thrown(openBeneath(job, 'secret', refused)))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: `Secrets "secret" cannot be used: the agent's user may not read it (EACCES) (looked for ${job}/secret)`,
    });
  });

  test('a file that turns into a link to a key between the check and the opening is never read', async () => {
    const elsewhere = await makeTree({ key: 'KEY' });
    const job = await makeTree({ Dockerfile: 'FROM scratch' });
    const path = join(job, 'Dockerfile');
    const stop = new AbortController();
    const attacker = (async () => {
      while (!stop.signal.aborted) {
        await symlink(join(elsewhere, 'key'), join(job, 'evil'));
        await rename(path, join(job, 'good'));
        await rename(join(job, 'evil'), path);
        await rename(join(job, 'good'), path);
      }
    })();
    const outcomes = new Set<string>();
    // On a busy machine none of the first may meet the file.
    for (let i = 0; i < 300 || !outcomes.has('FROM scratch'); i++) {
      const read = readBeneath(job, 'Dockerfile', { ...allowed, maxBytes: 100 });
      outcomes.add(await read.then(String, (error: unknown) => (error as StepError).code));
    }
    stop.abort();
    await attacker;
    outcomes.delete('PATH_OUTSIDE');
    outcomes.delete('CONFIG_INVALID'); // in the moment without any file
    expect([...outcomes]).toEqual(['FROM scratch']);
  });
});
