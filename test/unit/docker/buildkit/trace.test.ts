import type { PluginEvent } from '../../../../src/domain/events';
import { BuildTrace } from '../../../../src/docker/buildkit/trace/build-trace';
import { decodeStatus } from '../../../../src/docker/buildkit/trace/status-response';
import { vertexName } from '../../../../src/docker/buildkit/trace/vertex-name';
import { playedLines, sketch } from './played';
import { statusMessage } from './status-message';

type Parts = Parameters<typeof statusMessage>[0];

function traced(...messages: readonly Parts[]): { events: PluginEvent[]; trace: BuildTrace; told: readonly string[] } {
  const events: PluginEvent[] = [];
  const trace = new BuildTrace((event) => void events.push(event));
  for (const parts of messages) trace.take(decodeStatus(statusMessage(parts)));
  trace.end();
  return { events, trace, told: sketch(events) };
}

const T = 1_764_000_000_000;
const from = { digest: 'f', name: '[a 1/3] FROM docker.io/library/x:1' };
const run = { digest: 'r', name: '[a 2/3] RUN one', inputs: ['f'] };
const copy = { digest: 'c', name: '[a 3/3] COPY . .', inputs: ['r'] };
const durations = (events: readonly PluginEvent[]): unknown[] =>
  events.flatMap((event) => (event.type === 'step-ended' ? [event.durationMs] : []));

test('a base is resolved, read and unpacked: one step, that ends when another needs it, with all of its time', () => {
  const { events, told } = traced(
    { vertexes: [{ ...from, started: T }] },
    { vertexes: [{ ...from, started: T, completed: T + 10 }] },
    { vertexes: [{ ...from, started: T, completed: T + 10 }] }, // told again
    { vertexes: [{ ...from, started: T + 500 }] },
    { vertexes: [{ ...from, started: T + 500, completed: T + 3500.5 }] },
    { vertexes: [{ ...run, started: T + 3600 }] },
    { vertexes: [{ ...run, started: T + 3600, completed: T + 3700 }] },
  );
  expect(told).toEqual(['a 1/3 FROM docker.io/library/x:1', 'end a 1/3', 'a 2/3 RUN one', 'end a 2/3']);
  expect(durations(events)).toEqual([3011, 100]);
});

test('a pull is told by its bytes, and that it is unpacked when all are there', () => {
  const layer = (name: string, current: number): NonNullable<Parts['statuses']>[number] => ({
    id: `sha256:${name}`,
    vertex: 'f',
    current,
    total: 6_000_000,
  });
  const { told } = traced(
    { vertexes: [{ ...from, name: `${from.name}@sha256:${'0'.repeat(64)}`, started: T }] },
    { statuses: [layer('a', 1_000_000), layer('b', 0)] },
    { statuses: [layer('a', 5_000_000)] },
    { statuses: [layer('a', 6_000_000), { id: 'extracting sha256:a', vertex: 'f' }] },
    { statuses: [layer('b', 6_000_000)] },
    { statuses: [{ id: 'extracting sha256:b', vertex: 'f' }] },
    { statuses: [{ id: 'extracting sha256:c', vertex: 'f' }] },
  );
  expect(told.slice(1)).toEqual([
    'pulling docker.io/library/x:1: 5.0 of 12.0 MB',
    'pulling docker.io/library/x:1: 12.0 of 12.0 MB',
    'unpacking docker.io/library/x:1: 12.0 MB',
  ]);
});

test('vertices that were announced and never begun are no steps', () => {
  expect(traced({ vertexes: [copy, run, from] }).told).toEqual([]);
});

test('cached, told when it begins and when it ends', () => {
  const cached = { ...run, cached: true, started: T };
  expect(traced({ vertexes: [cached] }, { vertexes: [{ ...cached, completed: T }] }).told).toEqual([
    'a 2/3 RUN one',
    'end a 2/3 cached',
  ]);
});

test('output before the step is told to begin, and a character that never ends', () => {
  const { told } = traced(
    { vertexes: [run], logs: [{ vertex: 'r', bytes: Buffer.from('early\n\xc3', 'latin1') }] },
    { vertexes: [{ ...run, started: T, completed: T + 1 }] },
  );
  expect(told).toEqual(['a 2/3 RUN one', 'out a 2/3 "early\\n"', 'out a 2/3 "\ufffd"', 'end a 2/3']);
});

test('a failed vertex that is not what the build failed by', () => {
  const { trace, told } = traced({
    vertexes: [
      { digest: 'i', name: 'importing cache manifest from r/x:1', started: T, completed: T, error: 'r/x:1: not found' },
      { ...run, started: T, completed: T + 1, error: 'exit code: 137: context canceled: context canceled' },
      { ...copy, started: T, completed: T + 1, error: '"/x": not found' },
    ],
  });
  expect(told).toEqual([
    '(importing cache manifest from r/x:1)',
    '(end importing cache manifest from r/x:1 failed)',
    'warning the cache r/x:1 could not be read, built without it: r/x:1: not found',
    'a 2/3 RUN one',
    'a 3/3 COPY . .',
    'end a 3/3 failed',
  ]);
  expect(trace.failed('failed to compute cache key: "/x": not found')?.digest).toBe('c');
  expect(trace.failed('something else')).toBeUndefined();
  expect(trace.failed()?.digest).toBe('c');
});

test('a task that begins again is told again; one that is over at once is not told', () => {
  const load = { digest: 'l', name: '[internal] load build context' };
  const { told } = traced(
    { vertexes: [{ ...load, started: T, completed: T }] },
    { vertexes: [{ ...load, started: T + 1 }] },
    { vertexes: [{ ...load, started: T + 1, completed: T + 900 }] },
  );
  expect(told).toEqual(['([internal] load build context)', '(end [internal] load build context)']);
});

test('warnings: of the linter, of others, and none twice', () => {
  const lint = { short: 'StageNameCasing: Stage name "X" should be lowercase (line 3)', line: 3, url: 'https://d/r' };
  const { events } = traced({ warnings: [lint, lint, { short: 'No output specified' }, { ...lint, line: 4 }] });
  expect(events).toEqual([
    {
      type: 'build-warning',
      text: 'Stage name "X" should be lowercase',
      lint: { rule: 'StageNameCasing', line: 3, url: 'https://d/r' },
    },
    { type: 'build-warning', text: 'No output specified' },
    {
      type: 'build-warning',
      text: 'Stage name "X" should be lowercase',
      lint: { rule: 'StageNameCasing', line: 4, url: 'https://d/r' },
    },
  ]);
});

test.each([
  ['[2/3] RUN a', undefined, 2, 3, 'RUN a'],
  ['[build  2/12] RUN a', 'build', 2, 12, 'RUN a'],
  ['[linux/arm64 build 2/5] RUN a', 'build', 2, 5, 'RUN a'],
  ['[linux/amd64->arm64 2/5] RUN a', undefined, 2, 5, 'RUN a'],
  ['[b.c-d_e 1/1] RUN echo [x 1/2] y\nz ', 'b.c-d_e', 1, 1, 'RUN echo [x 1/2] y\nz'],
])('%j is a step', (name, stage, index, total, instruction) => {
  expect(vertexName(name)).toEqual({ kind: 'step', stage, index, total, instruction });
});

test.each([
  '[internal] load build context',
  'exporting to image',
  '[auth] team/app:pull token for r',
  '[1/2]',
  '',
  'x [1/2] RUN',
])('%j is a task', (name) => {
  expect(vertexName(name)).toEqual({ kind: 'task', name });
});

describe('the answer of POST /build', () => {
  const trace = (message: Buffer): string =>
    JSON.stringify({ id: 'moby.buildkit.trace', aux: message.toString('base64') });
  const image = (hex: string): string =>
    JSON.stringify({ id: 'moby.image.id', aux: { ID: `sha256:${hex.repeat(32)}` } });

  test('the last image counts, and progress that nobody can read counts for nothing', () => {
    const { events, imageId } = playedLines([trace(Buffer.from([0xff])), image('aa'), image('bb'), '{"stream":"x"}']);
    expect(imageId).toBe(`sha256:${'bb'.repeat(32)}`);
    expect(events.map((event) => event.type === 'raw' && event.text)).toEqual([
      "progress that can't be read (a varint is cut off): /w==",
      image('aa'),
      image('bb'),
      '{"stream":"x"}',
    ]);
  });

  test('an image and then an error is an error', () => {
    expect(playedLines([image('aa'), '{"errorDetail":{"message":"no"},"error":"no"}']).failure).toBe('no');
  });

  test.each([
    '{"id":"moby.image.id","aux":{"ID":"../../x"}}',
    '{"id":"moby.image.id","aux":"x"}',
    '{"aux":{"ID":"x"}}',
  ])('no image: %s', (line) => {
    expect(playedLines([line]).imageId).toBeUndefined();
  });
});

test('output that BuildKit left out is told of once', () => {
  const clipped = { vertex: 'r', bytes: Buffer.from('one\n\n[output clipped, log limit 200KiB/s reached]\n') };
  const { events } = traced({ vertexes: [{ ...run, started: T }], logs: [clipped, clipped] });
  expect(events.filter(({ type }) => type === 'note')).toEqual([
    {
      type: 'note',
      text: "BuildKit leaves out output beyond the daemon's limits (BUILDKIT_STEP_LOG_MAX_SIZE and BUILDKIT_STEP_LOG_MAX_SPEED in the environment of dockerd); Builder=classic shows all of it",
    },
  ]);
});
