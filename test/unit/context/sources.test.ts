import { PLAIN_BUILD } from '../../../src/domain/plain-build';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findNamedFolders } from '../../../src/context/named-contexts';
import { createSources } from '../../../src/context/sources';
import type { BuildPlan } from '../../../src/domain/plan';
import type { SourceFacts } from '../../../src/pipeline/ports';
import { asNobody, folder, linkTo, makeTree, mode, removeTrees } from '../files/temp-tree';
import { thrown } from '../files/thrown';

afterEach(removeTrees);

const BUILD: BuildPlan = PLAIN_BUILD;

function inspect(job: string, build: Partial<BuildPlan> = {}): Promise<SourceFacts> {
  return createSources().inspect({ ...BUILD, ...build }, job, new AbortController().signal);
}

test('tells the Dockerfile, its bases with their registries, and its stages', async () => {
  const dockerfile = [
    'ARG VERSION=20',
    'FROM --platform=linux/amd64 node:${VERSION} AS Build',
    'FROM build AS test',
    'FROM 123456789012.dkr.ecr.eu-west-1.amazonaws.com/base:1',
    'FROM localhost:5000/x@sha256:abc',
    'FROM index.docker.io/library/busybox',
    'FROM team/app',
    'FROM scratch',
    'FROM team/app',
    'FROM $UNKNOWN',
  ].join('\n');
  const job = await makeTree({ Dockerfile: dockerfile });
  expect(await inspect(job, { args: new Map([['VERSION', '22']]) })).toEqual({
    dockerfile,
    bases: [
      { ref: 'node:22', host: 'docker.io', platform: 'linux/amd64', line: 2 },
      {
        ref: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/base:1',
        host: '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
        platform: undefined,
        line: 4,
      },
      { ref: 'localhost:5000/x@sha256:abc', host: 'localhost:5000', platform: undefined, line: 5 },
      { ref: 'index.docker.io/library/busybox', host: 'docker.io', platform: undefined, line: 6 },
      { ref: 'team/app', host: 'docker.io', platform: undefined, line: 7 },
    ],
    stages: ['build', 'test', '2', '3', '4', '5', '6', '7', '8'],
  });
});

test('images that files are copied from are needed as much', async () => {
  const lines = [
    'FROM alpine AS build',
    'COPY --from=build /x /x',
    'COPY --chown=1:1 --from=ghcr.io/tools/jq:1 /jq /bin/',
    'COPY --from=0 /x /x',
    'COPY --from=$STAGE /x /x',
    'COPY a --from=b /',
    'COPY --from=alpine /x /x',
    'RUN echo COPY --from=evil /x /x',
    'FROM debian',
    'COPY --from=Build /x /x',
    'COPY --from=later /x /x',
    'FROM scratch AS later',
  ];
  const { bases } = await inspect(await makeTree({ Dockerfile: lines.join('\n') }));
  expect(bases.map(({ ref, host, line }) => `${line} ${host} ${ref}`)).toEqual([
    '1 docker.io alpine',
    '3 ghcr.io ghcr.io/tools/jq:1',
    '9 docker.io debian',
    '11 docker.io later',
  ]);
});

test('so are those that a RUN mounts', async () => {
  const lines = [
    'FROM alpine AS build',
    'RUN --mount=type=bind,from=tools:1,target=/t --mount=type=cache,target=/c --network=none make',
    'RUN --mount=from=build,target=/t --mount=type=cache,from=0,target=/c --mount=FROM=ghcr.io/x/y,target=/y make',
    'RUN --mount=from=$IMAGE,target=/t --mount="from=quoted",target=/t make --mount=from=argument',
    'RUN --mount=type=secret,id=from=evil true',
    'COPY --from=scratch /x /x',
    'RUN --mount=from=scratch,target=/t true',
  ];
  const { bases } = await inspect(await makeTree({ Dockerfile: lines.join('\n') }));
  expect(bases.map(({ ref, host, line }) => `${line} ${host} ${ref}`)).toEqual([
    '1 docker.io alpine',
    '2 docker.io tools:1',
    '3 ghcr.io ghcr.io/x/y',
  ]);
});

test('a named context is not pulled, or stands for another image', async () => {
  const lines = [
    'FROM docker.io/library/alpine:latest',
    'FROM team/base:1',
    'COPY --from=assets /x /x',
    'RUN --mount=from=ghcr.io/a/b,target=/b make',
    'FROM team/base',
  ];
  const { bases } = await inspect(await makeTree({ Dockerfile: lines.join('\n'), 'assets/x': '', 'base/x': '' }), {
    contexts: [
      { name: 'alpine', source: { kind: 'image', ref: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/alpine:3' } },
      { name: 'assets', source: { kind: 'folder', path: 'assets' } },
      { name: 'team/base:1', source: { kind: 'folder', path: 'base' } },
    ],
  });
  expect(bases.map(({ ref, host, line }) => `${line} ${host} ${ref}`)).toEqual([
    '1 123456789012.dkr.ecr.eu-west-1.amazonaws.com 123456789012.dkr.ecr.eu-west-1.amazonaws.com/alpine:3',
    '4 ghcr.io ghcr.io/a/b',
    '5 docker.io team/base',
  ]);
});

test('says nothing about stages where it is not sure', async () => {
  const job = await makeTree({ Dockerfile: '# syntax=example.com/own:1\nFROM a AS b\nTHING' });
  expect(await inspect(job, { target: 'other' })).toMatchObject({ stages: [] });
});

describe('the target', () => {
  const job = (): Promise<string> => makeTree({ Dockerfile: 'FROM a AS Build\nFROM b\nFROM c AS run\n' });

  test.each(['build', 'BUILD', 'run', '0', '2'])('%s is left to the daemon', async (target) => {
    await expect(inspect(await job(), { target })).resolves.toBeDefined();
  });

  test('that is no stage is an error which lists them', async () => {
    expect(await thrown(inspect(await job(), { target: 'prod' }))).toEqual({
      code: 'BUILD_TARGET_MISSING',
      hop: 'none',
      blame: 'config',
      message: 'Target "prod" is no stage of Dockerfile, which has the stages build, run',
      hint: 'Correct Target, or add `AS` and that name to a FROM line',
    });
    const nameless = await makeTree({ Dockerfile: 'FROM a' });
    expect(await thrown(inspect(nameless, { target: 'prod' }))).toMatchObject({
      message: 'Target "prod" is no stage of Dockerfile, which has no named stage',
    });
  });
});

describe('the context', () => {
  test.each([
    ['apps', 'it is not there'],
    ['file', 'it is a file, not a folder'],
  ])('%s', async (context, why) => {
    const job = await makeTree({ 'app/Dockerfile': '', file: '' });
    expect(await thrown(inspect(job, { context }))).toEqual({
      code: 'CONTEXT_MISSING',
      hop: 'none',
      blame: 'config',
      message: `Context "${context}" cannot be used: ${why} (looked for ${job}/${context})`,
      hint: `Context is a folder, relative to the job's folder ${job}`,
    });
  });

  test('outside, by its path or through a link', async () => {
    const elsewhere = await makeTree({ Dockerfile: 'FROM a' });
    const job = await makeTree({ link: linkTo(elsewhere) });
    expect(await thrown(inspect(job, { context: '..' }))).toMatchObject({
      code: 'PATH_OUTSIDE',
      message: `Context ".." lies outside the job's folder ${job}`,
    });
    expect(await thrown(inspect(job, { context: 'link' }))).toMatchObject({
      code: 'PATH_OUTSIDE',
      message: `Context "link" leads through a link to ${elsewhere}, outside the job's folder ${job}`,
    });
    await expect(inspect(job, { context: elsewhere, dockerfile: `${elsewhere}/Dockerfile` })).resolves.toBeDefined();
  });
});

describe('the Dockerfile', () => {
  const missing = (job: string, path: string, why: string, hint: string): object => ({
    code: 'DOCKERFILE_MISSING',
    hop: 'none',
    blame: 'config',
    message: `Dockerfile "${path}" cannot be used: ${why} (looked for ${join(job, path)})`,
    hint,
  });
  const NO_IDEA = "Dockerfile is a file, relative to the job's folder and not to Context";

  test('is not there, and nothing like it', async () => {
    const job = await makeTree({ 'app/x': '' });
    expect(await thrown(inspect(job))).toEqual(missing(job, 'Dockerfile', 'it is not there', NO_IDEA));
    for (const context of ['.', 'app']) {
      expect(await thrown(inspect(job, { context, dockerfile: 'no/Dockerfile' }))).toEqual(
        missing(job, 'no/Dockerfile', 'it is not there', NO_IDEA),
      );
    }
    expect(await thrown(inspect(job, { context: 'app', dockerfile: '../x/Dockerfile' }))).toMatchObject({
      code: 'PATH_OUTSIDE',
      message: `Dockerfile "../x/Dockerfile" lies outside the job's folder ${job}`,
    });
  });

  test('is not there, but its likes are', async () => {
    const names = ['Dockerfile.prod', 'Dockerfile.prod.dockerignore', 'web.dockerfile', 'Containerfile', 'dockerfile'];
    const job = await makeTree(Object.fromEntries([...names, 'x'].map((name) => [`app/${name}`, ''])));
    const hint =
      'There is app/Containerfile, app/Dockerfile.prod, app/dockerfile, app/web.dockerfile: name one of them in Dockerfile';
    expect(await thrown(inspect(job, { dockerfile: 'app/Dockerfile' }))).toEqual(
      missing(job, 'app/Dockerfile', 'it is not there', hint),
    );
  });

  test('is there relative to the context', async () => {
    const job = await makeTree({ 'app/docker/prod': 'FROM a', Dockerfile: '' });
    expect(await thrown(inspect(job, { context: 'app', dockerfile: 'docker/prod' }))).toMatchObject({
      hint: "Dockerfile is relative to the job's folder, not to Context: write app/docker/prod",
    });
  });

  test('is a folder, or a FIFO, or unreadable', async () => {
    const job = await makeTree({ Dockerfile: folder, secret: mode(0o600) });
    expect(await thrown(inspect(job))).toEqual(missing(job, 'Dockerfile', 'it is a folder, not a file', NO_IDEA));
    expect(await asNobody(() => thrown(inspect(job, { dockerfile: 'secret' })))).toMatchObject({
      code: 'DOCKERFILE_MISSING',
      message: `Dockerfile "secret" cannot be used: the agent's user may not read it (EACCES) (looked for ${job}/secret)`,
    });
  });

  test('is a link to a key file: its lines would be printed', async () => {
    const elsewhere = await makeTree({ id_rsa: 'KEY' });
    const evil = linkTo(join(elsewhere, 'id_rsa'));
    const job = await makeTree({ Dockerfile: evil });
    const context = await makeTree({ Dockerfile: evil });
    const third = await makeTree({
      Dockerfile: evil,
      '..data/Dockerfile': 'FROM a',
      mounted: linkTo('..data/Dockerfile'),
    });
    const outside = (path: string, where: string): object => ({
      code: 'PATH_OUTSIDE',
      hop: 'none',
      blame: 'config',
      message: `Dockerfile "${path}" leads through a link to ${elsewhere}/id_rsa, outside ${where}`,
      hint: "Name a path inside the job's folder in Dockerfile",
    });
    expect(await thrown(inspect(job))).toEqual(outside('Dockerfile', `the job's folder ${job}`));
    const inContext = join(context, 'Dockerfile');
    expect(await thrown(inspect(job, { context, dockerfile: inContext }))).toEqual(outside(inContext, context));
    const alone = join(third, 'Dockerfile');
    expect(await thrown(inspect(job, { dockerfile: alone }))).toEqual(outside(alone, third));
    // As Kubernetes mounts a file.
    await expect(inspect(job, { dockerfile: join(third, 'mounted') })).resolves.toBeDefined();
  });

  test.each(['', '\n\n', '# only\n  # comments\n'])('has no instruction: %j', async (content) => {
    const job = await makeTree({ Dockerfile: content });
    expect(await thrown(inspect(job))).toEqual({
      code: 'DOCKERFILE_INVALID',
      hop: 'none',
      blame: 'build',
      message: 'Dockerfile "Dockerfile" has no instruction in it',
      hint: 'A Dockerfile begins with a FROM line',
    });
  });

  test('is too large', async () => {
    const job = await makeTree();
    await writeFile(join(job, 'Dockerfile'), Buffer.alloc(4 * 1024 * 1024 + 1, '#\n'));
    expect(await thrown(inspect(job))).toEqual({
      code: 'DOCKERFILE_INVALID',
      hop: 'none',
      blame: 'build',
      message: 'Dockerfile "Dockerfile" is larger than 4 MiB',
      hint: 'Move what is large in it into files that it copies',
    });
  });
});

test('a mistake in the ignore file is told before anything is asked of a daemon', async () => {
  const job = await makeTree({ Dockerfile: 'FROM a', '.dockerignore': '!' });
  expect(await thrown(inspect(job))).toMatchObject({
    code: 'IGNORE_FILE_INVALID',
    message: 'Ignore file ".dockerignore" line 1: "!" is no pattern',
  });
});

test('a run that is over asks nothing', async () => {
  const job = await makeTree({ Dockerfile: 'FROM a' });
  await expect(createSources().inspect(BUILD, job, AbortSignal.abort('timeout'))).rejects.toBe('timeout');
});

test('NoCache names stages: of one that is none BuildKit would say nothing', async () => {
  const job = await makeTree({ Dockerfile: 'FROM alpine AS Build\nFROM alpine AS test\n' });
  await expect(inspect(job, { noCache: ['BUILD', 'test'] })).resolves.toMatchObject({ stages: ['build', 'test'] });
  expect(await thrown(inspect(job, { noCache: ['test', 'tset'] }))).toMatchObject({
    code: 'BUILD_TARGET_MISSING',
    message: 'NoCache "tset" is no stage of Dockerfile, which has the stages build, test',
    hint: 'Correct NoCache, or add `AS` and that name to a FROM line',
  });
});

test('a NoCache of which the scanner is not sure is left to the builder', async () => {
  const job = await makeTree({ Dockerfile: '# syntax=example.com/other/frontend\nFROM alpine\n' });
  await expect(inspect(job, { noCache: ['x'] })).resolves.toMatchObject({ stages: [] });
});

test('a file of Secrets that is not there is told with the rest of the sources', async () => {
  const job = await makeTree({ Dockerfile: 'FROM alpine\n', '.npmrc': 'token' });
  const secret = (path: string): BuildPlan['secrets'] => [{ id: 'npmrc', from: { kind: 'file', path } }];
  await expect(inspect(job, { secrets: secret('.npmrc') })).resolves.toMatchObject({ stages: ['0'] });
  expect(await thrown(inspect(job, { secrets: secret('npmrc') }))).toMatchObject({
    code: 'SECRET_MISSING',
    message: expect.stringMatching(/^Secrets \(npmrc\) "npmrc" cannot be used: /) as string,
  });
});

test('a named context that is no folder is told with the rest of the sources', async () => {
  const job = await makeTree({ Dockerfile: 'FROM alpine\n', 'shared/.dockerignore': '*.log\n', file: '' });
  const named = (path: string): BuildPlan['contexts'] => [{ name: 'lib', source: { kind: 'folder', path } }];
  await expect(inspect(job, { contexts: named('shared') })).resolves.toMatchObject({ stages: ['0'] });
  await expect(findNamedFolders(job, named('shared'))).resolves.toMatchObject([{ name: 'lib', ignore: ['*.log'] }]);
  expect(await thrown(inspect(job, { contexts: named('lib') }))).toMatchObject({
    code: 'CONTEXT_MISSING',
    message: `BuildContexts (lib) "lib" cannot be used: it is not there (looked for ${job}/lib)`,
    hint: `A named context is a folder, relative to the job's folder ${job}, or docker-image:// and a reference`,
  });
  expect(await thrown(inspect(job, { contexts: named('../lib') }))).toMatchObject({ code: 'PATH_OUTSIDE' });
});
