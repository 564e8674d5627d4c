import { PLAIN_BUILD } from '../../../../src/domain/plain-build';
import type { PluginEvent } from '../../../../src/domain/events';
import { StepError } from '../../../../src/domain/errors';
import type { BuildPlan } from '../../../../src/domain/plan';
import { buildWithBuildKit } from '../../../../src/docker/buildkit/build';
import type { Offer } from '../../../../src/docker/buildkit/offer';
import { openEndpoint } from '../../../../src/docker/endpoint';
import { recorded } from '../../../unit/docker/recorded';
import { told } from '../../../unit/docker/told';
import { json, startFakeDaemon, type Answer, type FakeDaemon } from '../fake-daemon';
import { failure, planFor, unixTarget, unlimited } from '../opened';

const OFFER: Offer = { secrets: new Map(), sshAgents: new Map(), folders: new Map(), login: () => undefined };
const DOCKERFILE = 'FROM lab/busybox:1\nRUN echo out; exit 7\n';

let daemon: FakeDaemon | undefined;
afterEach(() => daemon?.stop());

interface Built {
  readonly image: Promise<string>;
  readonly events: PluginEvent[];
  readonly offered: Offer[];
}

async function build(
  answer: Answer,
  options: { plan?: Partial<BuildPlan>; signal?: AbortSignal; failure?: StepError; dockerfile?: string } = {},
): Promise<Built> {
  daemon = await startFakeDaemon(answer);
  const endpoint = await openEndpoint(planFor(unixTarget(daemon.socketPath)));
  const [events, offered]: [PluginEvent[], Offer[]] = [[], []];
  const session = {
    id: 'session-1',
    setOffer: (offer: Offer) => void offered.push(offer),
    calls: () => Promise.reject(new Error('no call is needed')),
  };
  const request = {
    ref: 'own/run:1',
    jobFolder: '/job',
    outputs: [],
    source: { dockerfile: options.dockerfile ?? DOCKERFILE, bases: [], stages: [] },
    login: () => undefined,
    plan: { ...PLAIN_BUILD, ...options.plan },
  };
  const made = { request, offer: OFFER, dockerfile: 'Dockerfile', failure: () => options.failure };
  const report = (event: PluginEvent): void => void events.push(event);
  const image = buildWithBuildKit(endpoint, session, made, report, options.signal ?? unlimited());
  return { image, events, offered };
}

const replay =
  (name: string): Answer =>
  (_, response) =>
    void response.writeHead(200).end(recorded(name));

test('the image, with the session and nothing in the body', async () => {
  const { image, events, offered } = await build(replay('buildkit-stages-29'));
  await expect(image).resolves.toMatch(/^sha256:[0-9a-f]{64}$/);
  const [sent] = daemon!.received;
  expect(`${sent!.method} ${sent!.path}`).toBe('POST /build');
  expect(sent!.query.get('session')).toBe('session-1');
  expect(sent!.query.get('version')).toBe('2');
  expect(await sent!.body()).toHaveLength(0);
  expect(offered).toEqual([OFFER]);
  expect(events.filter(({ type }) => type === 'step-ended')).toHaveLength(7);
});

test('a RUN that fails: the lines of the Dockerfile, then why', async () => {
  const { image, events } = await build(replay('buildkit-failing-20.10'));
  expect(told(await failure(image))).toEqual({
    code: 'BUILD_RUN_FAILED',
    hop: 'none',
    blame: 'build',
    message: 'RUN ended with exit code 7: /bin/sh -c echo out; exit 7',
    hint: undefined,
    words: 'executor failed running [/bin/sh -c echo out; exit 7]: exit code: 7',
    transient: false,
  });
  expect(events.at(-1)).toEqual({
    type: 'dockerfile-excerpt',
    path: 'Dockerfile',
    lines: [
      { number: 1, text: 'FROM lab/busybox:1', failing: false },
      { number: 2, text: 'RUN echo out; exit 7', failing: true },
    ],
  });
});

test('a base of another platform than the one asked for is found before the image is pushed', async () => {
  const plan = { platform: 'linux/arm64' };
  const { image } = await build(replay('buildkit-platform-29'), { plan });
  expect(await failure(image)).toMatchObject({ code: 'PLATFORM_MISMATCH' });
});

test('what broke on this side is told, not what BuildKit made of it', async () => {
  const own = new StepError('CONTEXT_UNREADABLE', 'none', 'environment', 'a file vanished');
  const { image } = await build(replay('buildkit-failing-29'), { failure: own });
  expect(await failure(image)).toBe(own);
});

test.each([
  [500, { message: 'network mode "x" not supported by buildkit' }, 'BUILD_FAILED', 'BuildKit has no network x'],
  [
    400,
    { message: '"a/b/c/d": cannot parse platform specifier: invalid argument' },
    'BUILD_FAILED',
    'The daemon does not know the platform a/b/c/d',
  ],
])('HTTP %s with which dockerd itself refuses a build', async (status, body, code, message) => {
  const plan = { platform: 'a/b/c/d' };
  const { image } = await build((_, response) => json(response, status, body), { plan });
  expect(await failure(image)).toMatchObject({ code, message });
});

test('HTTP 502 is of something in between', async () => {
  const { image } = await build((_, response) => void response.writeHead(502).end('<html>Bad Gateway</html>'));
  expect(await failure(image)).toMatchObject({ code: 'DAEMON_NOT_DOCKER' });
});

test('a stream that ends before it names an image is no success', async () => {
  const lines = recorded('buildkit-stages-29').toString().split('\n');
  const cut = lines.filter((line) => !line.includes('moby.image.id')).join('\n');
  const { image } = await build((_, response) => void response.writeHead(200).end(cut));
  expect(await failure(image)).toMatchObject({
    code: 'DAEMON_CONNECTION_LOST',
    message: `The daemon at unix://${daemon!.socketPath} (field DockerHost) stopped talking in the middle of the build`,
  });
});

test('an abort is told to the daemon at once, and its reason thrown', async () => {
  const abort = new AbortController();
  const reason = new Error('cancelled');
  const { image, events } = await build(
    (_, response) => {
      response
        .writeHead(200)
        .write(recorded('buildkit-stages-29').toString().split('\n').slice(0, 8).join('\n') + '\n');
      setTimeout(() => abort.abort(reason), 50);
    },
    { signal: abort.signal, failure: new StepError('CONTEXT_UNREADABLE', 'none', 'environment', 'cut off') },
  );
  expect(await failure(image)).toBe(reason);
  await daemon!.received[0]!.closed;
  expect(events.some(({ type }) => type === 'step-ended')).toBe(false);
});

test('what the engine would leave out is refused before anything is built', async () => {
  const answers: Record<string, object> = {
    '/_ping': {},
    '/version': { Version: '20.10.24', ApiVersion: '1.41', Os: 'linux', Arch: 'amd64' },
    '/info': { Driver: 'overlay2' },
  };
  const { image, offered } = await build(({ path }, response) => json(response, 200, answers[path] ?? {}), {
    plan: { provenance: 'mode=max' },
  });
  expect(await failure(image)).toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringMatching(/^Provenance /) as string,
  });
  expect(daemon!.received.map(({ path }) => path).sort()).toEqual(['/_ping', '/info', '/version']);
  expect(offered).toEqual([]);
});

test('a secret that the Dockerfile requires is missed before anything is asked', async () => {
  const dockerfile = 'FROM x\nRUN --mount=type=secret,id=npm,required=true true\n';
  const { image } = await build((_, response) => json(response, 500, {}), { dockerfile });
  expect(await failure(image)).toMatchObject({ code: 'BUILD_SECRET_MISSING' });
  expect(daemon!.received).toEqual([]);
});
