import { PLAIN_BUILD } from '../../../../src/domain/plain-build';
import type { PluginEvent } from '../../../../src/domain/events';
import { StepError } from '../../../../src/domain/errors';
import { BuildFailure } from '../../../../src/docker/buildkit/build-failure';
import { solve } from '../../../../src/docker/buildkit/solve/solve';
import { BuildTrace } from '../../../../src/docker/buildkit/trace/build-trace';
import { fieldsOf, textOf } from '../../../../src/docker/buildkit/wire/reader';
import { Writer } from '../../../../src/docker/buildkit/wire/writer';
import type { Endpoint } from '../../../../src/docker/endpoint';
import type { BuildRequest } from '../../../../src/pipeline/ports';
import { statusMessage } from '../../../unit/docker/buildkit/status-message';
import { told } from '../../../unit/docker/told';
import { where } from '../../../unit/docker/where';
import { failure, unlimited } from '../opened';
import { startFakeControl, type ControlCall, type FakeControl } from './fake-control';

const IMAGE = `sha256:${'ab'.repeat(32)}`;
const ANSWER = new Writer().map(1, [['containerimage.digest', IMAGE]]).end();
const RUN = { digest: 'sha256:1', name: '[2/2] RUN exit 7', inputs: ['sha256:0'] };
const ERROR = 'process "/bin/sh -c exit 7" did not complete successfully: exit code: 7';
const FAILED = statusMessage({ vertexes: [{ ...RUN, started: 1000, completed: 2000, error: ERROR }] });

let control: FakeControl;
afterEach(() => control.stop());

interface Started {
  readonly image: Promise<string>;
  readonly events: PluginEvent[];
}

function start(signal = unlimited(), dockerfile = 'FROM x\nRUN exit 7\n', extraHosts: readonly string[] = []): Started {
  const events: PluginEvent[] = [];
  const request: BuildRequest = {
    ref: 'own/run:1',
    jobFolder: '/job',
    outputs: [],
    source: { dockerfile, bases: [], stages: [] },
    login: () => undefined,
    plan: { ...PLAIN_BUILD, extraHosts },
  };
  const session = { id: 'session-1', calls: () => Promise.resolve(control.calls) };
  const trace = new BuildTrace((event) => void events.push(event));
  const endpoint = { where: where() } as Endpoint;
  return { image: solve(endpoint, session, { request, dockerfile: 'Dockerfile', trace }, signal), events };
}

const refOf = ({ request }: ControlCall): string => textOf([...fieldsOf(request)].find(({ number }) => number === 1)!);

test('the image, and the progress of the same build', async () => {
  const refs: string[] = [];
  control = await startFakeControl({
    Solve: (call) => {
      refs.push(refOf(call));
      call.send(ANSWER);
      call.end();
    },
    Status: (call) => {
      refs.push(refOf(call));
      call.send(statusMessage({ vertexes: [{ ...RUN, started: 1000, completed: 2000 }] }));
      call.end();
    },
  });
  const { image, events } = start();
  await expect(image).resolves.toBe(IMAGE);
  expect(events.map(({ type }) => type)).toEqual(['step-started', 'step-ended']);
  expect(refs[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(refs[1]).toBe(refs[0]);
});

test('an error has its lines', async () => {
  const source = JSON.stringify({ ranges: [{ start: { line: 2 }, end: { line: 2 } }] });
  const any = new Writer().text(1, 'github.com/moby/buildkit/solver/errdefs.Source+json').text(2, source);
  control = await startFakeControl({
    Solve: (call) => call.end(2, ERROR, new Writer().message(3, any).end()),
    Status: (call) => call.end(),
  });
  const error = await failure(start().image);
  expect(error).toBeInstanceOf(BuildFailure);
  expect(error).toMatchObject({ message: ERROR, lines: [{ from: 2, to: 2 }] });
});

describe('the answer never comes, and the progress has ended', () => {
  test('after a step that failed: by its error', async () => {
    let reset: Promise<number> | undefined;
    control = await startFakeControl({
      Solve: (call) => void (reset = call.closed),
      Status: (call) => {
        call.send(FAILED);
        call.end();
      },
    });
    const error = await failure(start().image);
    expect(error).toBeInstanceOf(BuildFailure);
    expect(error).toMatchObject({ message: ERROR, lines: [] });
    await expect(reset).resolves.not.toBe(0); // nothing goes on there
  });

  test('with a Dockerfile so large that its error may have been lost', async () => {
    control = await startFakeControl({ Solve: () => undefined, Status: (call) => call.end() });
    const large = `FROM x\n${'# comment\n'.repeat(5000)}BOGUS\n`;
    expect(told(await failure(start(unlimited(), large).image))).toEqual({
      code: 'BUILD_FAILED',
      hop: 'none',
      blame: 'build',
      message: `BuildKit failed before the first step, and its error was too large to arrive: it quotes all ${large.length} characters of Dockerfile`,
      hint: 'Look for a mistake in the Dockerfile; a build without CacheTo type=registry, Provenance, BuildContexts and stage names in NoCache tells it',
      words: undefined,
      transient: false,
    });
  }, 15_000);
});

test('a progress that never ends holds up nothing (20.10, when the build was quicker)', async () => {
  let closed: Promise<number> | undefined;
  control = await startFakeControl({
    Solve: (call) => call.end(2, 'failed to solve: no'),
    Status: (call) => void (closed = call.closed),
  });
  await expect(start().image).rejects.toThrow('failed to solve: no');
  await closed;
});

test('a progress that breaks off decides nothing, however long the build goes on', async () => {
  control = await startFakeControl({
    Solve: (call) => {
      setTimeout(() => {
        call.send(ANSWER);
        call.end();
      }, 2_500);
    },
    Status: (call) => {
      call.send(FAILED); // of a cache, for all that is known
      call.end(2, 'no such job');
    },
  });
  await expect(start().image).resolves.toBe(IMAGE);
});

test('an abort resets the call and throws the reason', async () => {
  const abort = new AbortController();
  const reason = new Error('cancelled');
  let reset: Promise<number> | undefined;
  control = await startFakeControl({
    Solve: (call) => {
      reset = call.closed;
      abort.abort(reason);
    },
    Status: () => undefined,
  });
  await expect(start(abort.signal).image).rejects.toBe(reason);
  await expect(reset).resolves.not.toBe(0);
});

test('the connection breaks', async () => {
  control = await startFakeControl({ Solve: () => control.cut(), Status: () => undefined });
  const error = await failure(start().image);
  expect(error).toBeInstanceOf(StepError);
  expect(told(error)).toEqual({
    code: 'DAEMON_CONNECTION_LOST',
    hop: 'agent-daemon',
    blame: 'environment',
    message: 'The daemon at unix:///run/d.sock (field DockerHost) stopped talking in the middle of the build',
    hint: "Look into the daemon's log for a restart or a crash",
    words: undefined,
    transient: false,
  });
});

test('an answer that is no message', async () => {
  control = await startFakeControl({
    Solve: (call) => {
      call.send(Buffer.from([0xff]));
      call.end();
    },
    Status: (call) => call.end(),
  });
  expect(await failure(start().image)).toMatchObject({
    code: 'DAEMON_NOT_DOCKER',
    message:
      'What answers at unix:///run/d.sock (field DockerHost) is no Docker daemon: what it answers to Control/Solve is no protobuf message',
  });
});

describe('host-gateway', () => {
  const workers = (label: string): Buffer =>
    new Writer()
      .message(
        1,
        new Writer().text(1, 'w').map(2, [
          ['x', 'y'],
          [label, '172.17.0.1'],
        ]),
      )
      .end();
  const label = 'org.mobyproject.buildkit.worker.moby.host-gateway-ip';

  test('is asked for', async () => {
    let request = '';
    control = await startFakeControl({
      ListWorkers: (call) => {
        call.send(workers(label));
        call.end();
      },
      Solve: (call) => {
        request = call.request.toString();
        call.send(ANSWER);
        call.end();
      },
      Status: (call) => call.end(),
    });
    await start(unlimited(), 'FROM x', ['me:host-gateway']).image;
    expect(request).toContain('me=172.17.0.1');
  });

  test('a daemon that does not tell', async () => {
    control = await startFakeControl({
      ListWorkers: (call) => {
        call.send(workers('z'));
        call.end();
      },
    });
    expect(told(await failure(start(unlimited(), 'FROM x', ['me:host-gateway']).image))).toEqual({
      code: 'CONFIG_INVALID',
      hop: 'agent-daemon',
      blame: 'config',
      message: 'ExtraHosts has host-gateway, and the daemon does not say which address that is',
      hint: "Write the address of the daemon's host in its place",
      words: undefined,
      transient: false,
    });
  });
});
