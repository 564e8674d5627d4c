import { PLAIN_BUILD } from '../../../../src/domain/plain-build';
import type { BuildPlan } from '../../../../src/domain/plan';
import { failingLines } from '../../../../src/docker/buildkit/solve/error-details';
import { contextFolder, frontendAttrs } from '../../../../src/docker/buildkit/solve/frontend-attrs';
import { solveRequest } from '../../../../src/docker/buildkit/solve/solve-request';
import { solvedImage } from '../../../../src/docker/buildkit/solve/solve-response';
import { fieldsOf, textOf } from '../../../../src/docker/buildkit/wire/reader';
import { Writer } from '../../../../src/docker/buildkit/wire/writer';
import type { BuildRequest } from '../../../../src/pipeline/ports';

const NOTHING = { dockerfile: 'Dockerfile', hostGateways: [] as readonly string[] };
const plan = (fields: Partial<BuildPlan>): BuildPlan => ({ ...PLAIN_BUILD, ...fields });
const attrs = (fields: Partial<BuildPlan>, surroundings = NOTHING): object =>
  Object.fromEntries(frontendAttrs(plan(fields), surroundings));

test('attributes: the least', () => {
  expect(attrs({})).toEqual({ filename: 'Dockerfile', 'image-resolve-mode': 'default' });
});

test('attributes: everything', () => {
  const all: Partial<BuildPlan> = {
    args: new Map([['A', '']]),
    labels: new Map([['l', 'v']]),
    target: 'final',
    platform: 'linux/arm64',
    networkMode: 'none',
    extraHosts: ['one:10.0.0.1', 'six:fe80::1', 'me:host-gateway'],
    noCache: ['a', 'b'],
    pull: true,
    shmSizeBytes: 1048576,
    ulimits: [
      { name: 'nofile', soft: 1, hard: 2 },
      { name: 'core', soft: -1, hard: -1 },
    ],
    cacheFrom: [{ type: 'registry', ref: 'r/x:1', attributes: new Map([['k', 'v']]) }],
    provenance: 'mode=max',
    contexts: [
      { name: 'other', source: { kind: 'folder', path: 'o' } },
      { name: 'context', source: { kind: 'folder', path: 'c' } },
      { name: 'base', source: { kind: 'image', ref: 'r/base:1' } },
    ],
  };
  expect(attrs(all, { ...NOTHING, hostGateways: ['172.17.0.1', 'fd00::1'] })).toEqual({
    filename: 'Dockerfile',
    target: 'final',
    platform: 'linux/arm64',
    'image-resolve-mode': 'pull',
    'force-network-mode': 'none',
    'add-hosts': 'one=10.0.0.1,six=fe80::1,me=172.17.0.1,me=fd00::1',
    'shm-size': '1048576',
    ulimit: 'nofile=1:2,core=-1:-1',
    'cache-imports': '[{"Type":"registry","Attrs":{"ref":"r/x:1","k":"v"}}]',
    'attest:provenance': 'mode=max',
    'build-arg:A': '',
    'label:l': 'v',
    'no-cache': 'a,b',
    'context:other': 'local:other',
    'context:context': 'local:_context',
    'context:base': 'docker-image://r/base:1',
    'frontend.caps': 'moby.buildkit.frontend.contexts+forward',
  });
});

test('no cache at all, and the network that is the default anyway', () => {
  expect(attrs({ noCache: 'all', networkMode: 'default' })).toEqual({
    filename: 'Dockerfile',
    'image-resolve-mode': 'default',
    'no-cache': '',
  });
});

test('a named context never takes the place of the own folders of the build', () => {
  expect(['dockerfile', 'context', 'x'].map(contextFolder)).toEqual(['_dockerfile', '_context', 'x']);
});

/** Fields of a message; messages within by number. */
function fields(message: Buffer): readonly (readonly [number, string | Buffer])[] {
  return [...fieldsOf(message)].map((field) => [field.number, field.number > 7 ? field.bytes! : textOf(field)]);
}

const request = (fieldsOfPlan: Partial<BuildPlan>): BuildRequest => ({
  ref: 'own/run:1',
  jobFolder: '/job',
  outputs: [],
  source: { dockerfile: '', bases: [], stages: [] },
  login: () => undefined,
  plan: plan(fieldsOfPlan),
});

test('the request names the image in the old exporter fields and in the new one', () => {
  const message = solveRequest(
    request({
      networkMode: 'host',
      cacheTo: [{ type: 'registry', ref: 'r/x:c', attributes: new Map([['mode', 'max']]) }],
    }),
    'ref-1',
    'session-1',
    NOTHING,
  );
  const name = new Writer().text(1, 'name').text(2, 'own/run:1');
  const found = fields(message);
  const of = (number: number): unknown[] => found.filter(([one]) => one === number).map(([, value]) => value);
  expect(of(1)).toEqual(['ref-1']);
  expect(of(3)).toEqual(['moby']);
  expect(of(4)).toEqual([name.end().toString()]);
  expect(of(5)).toEqual(['session-1']);
  expect(of(6)).toEqual(['dockerfile.v0']);
  expect(of(8)).toEqual([
    new Writer()
      .message(
        4,
        new Writer().text(1, 'registry').map(2, [
          ['ref', 'r/x:c'],
          ['mode', 'max'],
        ]),
      )
      .end(),
  ]);
  expect(of(9)).toEqual([Buffer.from('network.host')]);
  expect(of(13)).toEqual([new Writer().text(1, 'moby').message(2, name).end()]);
});

test('no other network is an entitlement', () => {
  const found = fields(solveRequest(request({ networkMode: 'none' }), 'r', 's', NOTHING));
  expect(found.filter(([number]) => number === 9)).toEqual([]);
});

test('the image of the answer; what is no digest is none', () => {
  const digest = `sha256:${'ab'.repeat(32)}`;
  const answer = (value: string): Buffer =>
    new Writer()
      .map(1, [
        ['containerimage.config.digest', `sha256:${'00'.repeat(32)}`],
        ['containerimage.digest', value],
      ])
      .end();
  expect(solvedImage(answer(digest))).toBe(digest);
  expect(solvedImage(answer('../x'))).toBeUndefined();
  expect(solvedImage(Buffer.alloc(0))).toBeUndefined();
});

describe('lines of an error', () => {
  const detail = (url: string, value: unknown): Writer =>
    new Writer().text(1, url).text(2, typeof value === 'string' ? value : JSON.stringify(value));
  const status = (...details: readonly Writer[]): Buffer => {
    const message = new Writer().number(1, 2).text(2, 'no');
    for (const one of details) message.message(3, one);
    return message.end();
  };
  const URL = 'github.com/moby/buildkit/solver/errdefs.Source+json';

  test('those of the Source, among other details', () => {
    const vertex = detail('github.com/moby/buildkit/solver/errdefs.Vertex+json', { digest: 'sha256:1' });
    const source = detail(URL, { ranges: [{ start: { line: 3 }, end: { line: 5 } }, { start: { line: 9 } }] });
    expect(failingLines(status(vertex, source))).toEqual([
      { from: 3, to: 5 },
      { from: 9, to: 9 },
    ]);
  });

  test.each([
    undefined,
    Buffer.from([0xff]),
    status(detail(URL, 'no json')),
    status(detail(URL, { ranges: 'x' })),
    status(detail(URL, { ranges: [{ start: { line: -1 } }, { start: 1 }, null] })),
    status(detail('x/Other+json', { ranges: [{ start: { line: 3 } }] })),
  ])('none: %s', (details) => {
    expect(failingLines(details)).toEqual([]);
  });
});
