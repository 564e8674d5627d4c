import { ConfigError, StepError } from '../../src/domain/errors';
import type { HopChecked, HopFact, PluginEvent, TimedEvent } from '../../src/domain/events';
import {
  digest,
  ENDPOINT,
  endedWith,
  ENGINE,
  FAILURE_FILES,
  HOST,
  IDENTITY,
  Recording,
  runState,
  START,
} from './recording';
import { started } from './passages';

type Scenario = () => readonly TimedEvent[];

const OTHER = '444455556666.dkr.ecr.us-east-1.amazonaws.com';
const FIELD = 'field DockerHost';

function hop(
  name: string,
  line: HopChecked['hop'],
  durationMs: number,
  facts: readonly HopFact[],
  end: Partial<HopChecked> = {},
): HopChecked {
  return { type: 'hop-checked', name, hop: line, state: 'ok', durationMs, facts, ...end };
}

const fail = (error: StepError): Partial<HopChecked> => ({ state: 'failed', error });
const skip = (because: string): Partial<HopChecked> => ({ state: 'skipped', because });
const token = (registry: string): HopFact => ({
  type: 'token-issued',
  registry,
  expiresAt: START + 12 * 3_600_000,
  refreshed: false,
});
const tag = (name: string, more: Partial<Extract<PluginEvent, { type: 'tag-described' }>>): HopFact => ({
  type: 'tag-described',
  tag: name,
  floating: name === 'latest',
  state: 'free',
  ...more,
});

function opening(): Recording {
  const recording = new Recording().report(
    { type: 'check-started', version: '1.4.0', runtime: 'Node v20.19.2 on linux x64' },
    hop('settings', 'none', 3, ['settings file /etc/gocd-ecr.json (GOCD_ECR_SETTINGS)', 'daemons: builders-eu']),
    hop('plan', 'none', 12, ['shop/cart', 'tags: 1.42, latest', 'fields set: Repository Tags(1) FloatingTags(1)']),
  );
  started(recording, 'check');
  return recording.report(hop('dockerfile', 'none', 4, ['Dockerfile', 'reads node:20-slim, nginx:1.27']));
}

const BAGGAGE = [{ path: '.git', bytes: 40_000_000, files: 900 }];
const CONTEXT = { files: 4120, bytes: 61_300_000, sentFiles: 4120, sentBytes: 61_300_000, baggage: BAGGAGE };

const daemonHops = (): readonly HopChecked[] => [
  hop('endpoint', 'agent-daemon', 31, [`${ENDPOINT} (${FIELD}), verified TLS`], { farEnd: ENDPOINT }),
  hop('version', 'agent-daemon', 62, ['Engine 29.1.3, API 1.52 (from 1.40), linux/amd64'], {
    farEnd: `${ENDPOINT} (Engine 29.1.3)`,
  }),
  hop('info', 'agent-daemon', 1_840, [
    {
      type: 'daemon-described',
      info: {
        ...ENGINE,
        debug: true,
        securityOptions: ['name=seccomp,profile=builtin', 'name=rootless'],
        httpsProxy: 'http://proxy.example:3128',
        mirrors: ['https://mirror.example/'],
        insecureRegistries: ['registry.example:5000'],
      },
      endpoint: ENDPOINT,
      origin: FIELD,
    },
    { type: 'disk-described', use: { images: 212, imagesBytes: 81_000_000_000, cacheBytes: 12_400_000_000 } },
    { type: 'note', text: 'the daemon warns: No swap limit support' },
  ]),
  hop('builder', 'agent-daemon', 40, [
    { type: 'builder-chosen', builder: 'buildkit', why: 'Builder=auto, and the daemon has BuildKit', session: 'h2c' },
  ]),
  hop('platform', 'agent-daemon', 8, [
    { type: 'platform-described', wanted: 'linux/arm64', daemon: 'linux/amd64' },
    { type: 'base-described', ref: 'node:20-slim', platform: undefined, local: false },
  ]),
];

const context = (): HopChecked =>
  hop('context', 'none', 210, [
    { type: 'context-sent', report: { ...CONTEXT, largest: [{ path: 'assets/film.mp4', bytes: 30_000_000 }] } },
    'folder .',
  ]);

const allWell: Scenario = () => {
  const about = (host: string): Partial<HopChecked> => ({ about: `${host}/shop/cart` });
  const recording = opening().wait(100);
  for (const host of [HOST, OTHER])
    recording.report(
      hop('aws', 'agent-aws', 120, [`${host.slice(0, 12)} ${IDENTITY}`], { ...about(host), farEnd: IDENTITY }),
      hop('token', 'agent-aws', 95, [token(host)], about(host)),
      hop(
        'repository',
        'agent-aws',
        80,
        [
          { type: 'repository-described', name: 'shop/cart', exists: true, mutability: 'MUTABLE' },
          {
            type: 'repository-drift',
            name: 'shop/cart',
            drift: { setting: 'scanOnPush', wanted: 'true', found: 'false' },
          },
        ],
        about(host),
      ),
      hop(
        'tags',
        'agent-aws',
        75,
        [tag('1.42', {}), tag('latest', { state: 'moves', digest: digest('aa10'), run: 'run 41' })],
        about(host),
      ),
    );
  recording.wait(2_000).report(...daemonHops());
  for (const host of [HOST, OTHER])
    recording.report(
      hop('login', 'daemon-registry', 130, [`the daemon's login at ${host} was accepted`], {
        ...about(host),
        farEnd: host,
      }),
    );
  return recording.report(context(), endedWith({ kind: 'checked' }, [])).events;
};

const NO_CREDENTIALS = new StepError('AWS_NO_CREDENTIALS', 'agent-aws', 'config', 'There are no AWS credentials', {
  hint: 'Give the job AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
});
const REFUSED = new StepError('DAEMON_REFUSED', 'agent-daemon', 'environment', `No daemon listens at ${ENDPOINT}`, {
  hint: 'Start the daemon there',
  words: 'connect ECONNREFUSED \u001b[31m10.0.0.7:2376\u001b[0m\r\nPUSHED \u202eforged',
});

const twoLinesBroken: Scenario = () => {
  const recording = opening().report(
    hop('aws', 'agent-aws', 20, [], fail(NO_CREDENTIALS)),
    ...['token', 'repository', 'tags'].map((name) => hop(name, 'agent-aws', 0, [], skip('aws failed'))),
    hop('endpoint', 'agent-daemon', 2, [`${ENDPOINT} (${FIELD})`], { ...fail(REFUSED), farEnd: ENDPOINT }),
    ...['version', 'info', 'builder', 'platform'].map((name) =>
      hop(name, 'agent-daemon', 0, [], skip('endpoint failed')),
    ),
    hop('login', 'daemon-registry', 0, [], skip('aws failed')),
    context(),
  );
  const error = new StepError('AWS_NO_CREDENTIALS', 'agent-aws', 'config', 'the first of two');
  return recording.report(endedWith({ kind: 'failed', phase: undefined, error, state: runState() }, FAILURE_FILES))
    .events;
};

const noPlan: Scenario = () => {
  const error = new ConfigError([
    { field: 'Repository', message: 'is missing' },
    { field: 'Tags', message: '"a b" is no tag' },
  ]);
  const recording = new Recording().report(
    { type: 'check-started', version: '1.4.0', runtime: 'Node v20.19.2 on linux x64' },
    hop('settings', 'none', 3, ['no settings file (GOCD_ECR_SETTINGS is not set)']),
    hop('plan', 'none', 5, [], fail(error)),
  );
  return recording.report(endedWith({ kind: 'failed', phase: undefined, error, state: runState() }, [])).events;
};

const cancelled: Scenario = () => {
  const recording = opening()
    .report(hop('aws', 'agent-aws', 20, [IDENTITY], { farEnd: IDENTITY }))
    .wait(5_000);
  recording.report({ type: 'cancelling', reason: 'signal' });
  return recording.report(endedWith({ kind: 'cancelled', phase: undefined, state: runState() }, [])).events;
};

export const CHECK_SCENARIOS: Readonly<Record<string, Scenario>> = {
  check: allWell,
  'check-two-lines-broken': twoLinesBroken,
  'check-without-a-plan': noPlan,
  'check-cancelled': cancelled,
};
