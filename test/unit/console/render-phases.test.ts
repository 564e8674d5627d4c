import type { PluginEvent } from '../../../src/domain/events';
import type { CancelReason } from '../../../src/domain/phase';
import * as the from '../../golden/passages';
import { digest, ENDPOINT, ENGINE, HOST, START, tagged } from '../../golden/recording';
import { begin, end, HEAD, linesOf, STARTED } from './lines-of';

/** What one event says within a phase: without the phase's heading and its end. */
function said(phase: Parameters<typeof begin>[0], ...events: readonly (PluginEvent | number)[]): string[] {
  return linesOf(begin(phase), ...events).slice(1);
}

describe('preflight', () => {
  test('a daemon with everything unusual', () => {
    const info = {
      ...ENGINE,
      product: 'Podman',
      store: 'classic' as const,
      debug: true,
      securityOptions: [],
      httpProxy: 'http://u:p@proxy:3128',
      httpsProxy: 'http://proxy:3128',
      noProxy: 'localhost',
    };
    expect(said('preflight', { type: 'daemon-described', info, endpoint: ENDPOINT, origin: 'built-in' })).toEqual([
      '  daemon   tcp://build-2:2376 (built-in)',
      '           Podman 29.1.3  API 1.52 (from 1.40)  linux/amd64  classic store on overlayfs',
      '           debug mode  proxy http http://****@proxy:3128, https http://proxy:3128, none for localhost',
    ]);
    const bare = { ...ENGINE, securityOptions: [] };
    expect(
      said('preflight', { type: 'daemon-described', info: bare, endpoint: ENDPOINT, origin: 'built-in' }),
    ).toHaveLength(2);
  });

  test.each<[PluginEvent, string]>([
    [
      { type: 'aws-described', account: undefined, region: 'eu-west-1', identity: 'access key AKIA…3F2A' },
      '  aws      eu-west-1 access key AKIA…3F2A',
    ],
    [
      { type: 'platform-described', wanted: 'linux/amd64', daemon: 'linux/amd64' },
      '  platform linux/amd64, as the daemon is',
    ],
    [
      { type: 'platform-described', wanted: 'linux/arm64', daemon: 'linux/amd64' },
      '  platform linux/arm64; the daemon is linux/amd64',
    ],
    [
      { type: 'base-described', ref: 'node:20', platform: undefined, local: false },
      '  base     node:20 will be pulled',
    ],
    [
      { type: 'base-described', ref: 'node:20', platform: undefined, local: true },
      '  base     node:20 is on the daemon',
    ],
    [{ type: 'note', text: 'the daemon warns: no swap limit\n' }, '  note     the daemon warns: no swap limit'],
  ])('%j', (event, line) => expect(said('preflight', event, end('preflight')).slice(0, -1)).toEqual([line]));

  test('a slow one shows its heading', () => {
    expect(
      linesOf(STARTED, begin('preflight'), { type: 'tag-described', tag: 'a', floating: false, state: 'free' }, 2_500),
    ).toEqual([...HEAD, '[1/6] preflight']);
  });
});

describe('login', () => {
  const token = (ms: number, refreshed: boolean): PluginEvent => ({
    type: 'token-issued',
    registry: HOST,
    expiresAt: START + ms,
    refreshed,
  });

  test.each<[PluginEvent, string]>([
    [token(43_200_000, false), 'login    token valid 12 h                                              0.0 s'],
    [token(60_000, true), 'login    new token valid 1 m                                           0.0 s'],
    [token(0, false), 'login    the token had expired when it arrived                         0.0 s'],
    [token(-1, true), 'login    the new token had expired when it arrived                     0.0 s'],
    [
      { type: 'daemon-login', registry: HOST, accepted: false },
      "login    the daemon's login was refused                                0.0 s",
    ],
    [
      { type: 'daemon-login', registry: HOST, accepted: true },
      "login    the daemon's login was accepted                               0.0 s",
    ],
  ])('%j', (event, line) => expect(linesOf(begin('login'), event, end('login'))).toEqual([line]));
});

describe('push and verify', () => {
  test('what a registry has already, what it mounts, and a token that was renewed', () => {
    const events = [the.layer('a', 'mounted'), the.layer('b', 'present'), the.layer('c', 'pushing', 5, 5)];
    const renewed: PluginEvent = { type: 'token-issued', registry: HOST, expiresAt: START + 60_000, refreshed: true };
    expect(linesOf(begin('push'), ...events, renewed, the.tagPushed('latest'), end('push'))).toEqual([
      'push     new token valid 1 m; 1 tag; 3 layers: 1 present, 1 mounted, 1 unfinished  0.0 s',
    ]);
  });

  test('a retry, with the reason in one line', () => {
    const retrying: PluginEvent = {
      type: 'retrying',
      what: 'push of latest',
      attempt: 2,
      attempts: 4,
      delayMs: 1_200,
      reason: 'received\nunexpected EOF\n',
    };
    expect(said('push', retrying)).toEqual([
      '  retry push of latest: attempt 2 of 4 in 1.2 s: received unexpected EOF',
    ]);
  });

  test('tags that are pushed while the heading is there already', () => {
    const lines = linesOf(STARTED, begin('push'), 2_000, the.tagPushed('1.42'), the.tagPushed('latest'));
    expect(lines.slice(2)).toEqual(['[4/6] push', '  tag 1.42: pushed', '  tag latest: pushed']);
  });

  test.each([
    [['registry'], "verify   the registry's digest is this image                           0.0 s"],
    [['aws'], "verify   AWS's digest is this image                                    0.0 s"],
    [['daemon'], "verify   by the daemon's word only, the registry could not be read     0.0 s"],
    [
      ['registry', 'daemon', 'registry', 'aws'],
      "verify   the registry's digest is this image (2 tags); AWS's digest is this image (1 tag); by the daemon's word only, the registry could not be read (1 tag)  0.0 s",
    ],
  ] as const)('verified by %j', (by, line) => {
    const events = by.map((who): PluginEvent => ({
      type: 'digest-verified',
      ref: tagged('a'),
      digest: digest('5c'),
      by: who,
    }));
    expect(linesOf(begin('verify'), ...events, end('verify'))).toEqual([line]);
  });

  test('a summary of the pipeline comes last', () => {
    expect(
      linesOf(begin('push'), the.tagPushed('a'), {
        type: 'phase-ended',
        phase: 'push',
        ok: true,
        summary: 'in one go',
      }),
    ).toEqual(['push     1 tag; in one go                                              0.0 s']);
  });

  test('a phase that fails before it said anything', () => {
    expect(linesOf(begin('verify'), end('verify', false))).toEqual([
      'verify   failed                                                        0.0 s',
    ]);
  });
});

describe('cleanup', () => {
  test.each<[PluginEvent, string]>([
    [the.removed(0, []), 'cleanup  nothing to remove                                             0.0 s'],
    [the.removed(2, []), 'cleanup  removed 2 refs of this run                                    0.0 s'],
    [
      the.removed(1, ['a:1', 'b:1', 'c:1', 'd:1', 'e:1', 'f:1']),
      'cleanup  removed 1 ref of this run; kept a:1, b:1, c:1, d:1 and 2 more  0.0 s',
    ],
  ])('%j', (event, line) => expect(linesOf(begin('cleanup'), event, end('cleanup'))).toEqual([line]));

  test('what could not be removed', () => {
    const failed: PluginEvent = { type: 'cleanup-failed', ref: the.RUN_REF, reason: 'conflict:\nin use\n' };
    expect(said('cleanup', failed)).toEqual([`  left ${the.RUN_REF} on the daemon: conflict: in use`]);
  });
});

test.each<[CancelReason, string]>([
  ['signal', 'cancelling: the job was cancelled; the daemon is told to stop'],
  ['disconnect', 'cancelling: the connection from the GoCD agent was closed; the daemon is told to stop'],
  ['parent-gone', 'cancelling: the GoCD agent is gone; the daemon is told to stop'],
  ['timeout', 'cancelling: the time limit is reached (field TimeoutMinutes); the daemon is told to stop'],
])('cancel by %s', (reason, line) => {
  expect(said('push', { type: 'cancelling', reason }, end('push', false))).toEqual([
    line,
    '  push stopped                                                         0.0 s',
  ]);
});
