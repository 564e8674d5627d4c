import fc from 'fast-check';
import type { PluginEvent } from '../../../src/domain/events';
import { BUILDKIT } from '../../golden/buildkit-passages';
import * as the from '../../golden/passages';
import { BASE, ENDPOINT, ENGINE, IDENTITY } from '../../golden/recording';
import { begin, end, HEAD, linesOf, STARTED } from './lines-of';

const DAEMON: PluginEvent = { type: 'daemon-described', info: ENGINE, endpoint: ENDPOINT, origin: 'field DockerHost' };
const AWS: PluginEvent = { type: 'aws-described', account: undefined, region: 'eu-west-1', identity: IDENTITY };
const ECR: PluginEvent = { type: 'repository-described', name: 'a/b', exists: true, mutability: 'MUTABLE' };
const TAG: PluginEvent = { type: 'tag-described', tag: '1.0', floating: false, state: 'free' };
const LOCAL: PluginEvent = { type: 'base-described', ref: BASE.ref, platform: 'linux/amd64', local: true };

const LINES = [
  'preflight',
  '  daemon   tcp://build-2:2376 (field DockerHost)',
  '           Engine 29.1.3  API 1.52 (from 1.40)  linux/amd64  containerd store on overlayfs',
  '           security seccomp builtin, cgroupns',
  '  builder  BuildKit (Builder=auto, and the daemon has BuildKit; session by h2c)',
  '  aws      eu-west-1 profile ci (job variable AWS_PROFILE)',
  '  ecr      a/b exists; its tags can move',
  '  tags     1.0 is free',
];

test('whichever answer comes first, the lines of the preflight stand in one order', () => {
  const events = [DAEMON, BUILDKIT, AWS, ECR, TAG];
  fc.assert(
    fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (shuffled) => {
      expect(linesOf(begin('preflight'), ...shuffled, end('preflight')).slice(0, -1)).toEqual(LINES);
    }),
  );
});

test('notes wait for those lines too, and keep their own order', () => {
  const note = (text: string): PluginEvent => ({ type: 'note', text });
  const lines = linesOf(begin('preflight'), DAEMON, note('the daemon warns: one'), note('two'), AWS, BUILDKIT, ECR);
  expect(lines).toEqual([...LINES.slice(0, 7), '  note     the daemon warns: one', '  note     two']);
  expect(linesOf(begin('preflight'), note('one'), end('preflight', false)).slice(0, 2)).toEqual([
    'preflight',
    '  note     one',
  ]);
});

test('a line that nothing can stand above is there at once', () => {
  const lines = (...events: readonly PluginEvent[]): string[] => linesOf(begin('preflight'), ...events);
  expect(lines(AWS)).toEqual([]);
  expect(lines(AWS, ECR, DAEMON)).toEqual(LINES.slice(0, 4));
  expect(lines(AWS, DAEMON, BUILDKIT)).toEqual(LINES.slice(0, 6));
});

test('what a daemon never answered does not hide what AWS did', () => {
  expect(linesOf(STARTED, begin('preflight'), ECR, AWS, 2_500, end('preflight', false)).slice(HEAD.length)).toEqual([
    '[1/6] preflight',
    ...LINES.slice(5, 7),
    '  preflight failed                                                     2.5 s',
  ]);
});

test('bases come after everything else, and nothing waits for what is not there', () => {
  expect(linesOf(begin('preflight'), DAEMON, LOCAL, BUILDKIT)).toEqual([
    ...LINES.slice(0, 4),
    '  base     node:20-slim is on the daemon, linux/amd64',
    LINES[4],
  ]);
  expect(linesOf(begin('preflight'), AWS, LOCAL)).toEqual([
    'preflight',
    LINES[5],
    '  base     node:20-slim is on the daemon, linux/amd64',
  ]);
});

test('a run that ends in the middle of the preflight tells what it has', () => {
  const ended: PluginEvent = { type: 'ended', outcome: { kind: 'checked' }, files: [] };
  expect(linesOf(begin('preflight'), AWS, ended).slice(0, 2)).toEqual(['preflight', LINES[5]]);
});

test.each<[the.BuilderChosen, string]>([
  [BUILDKIT, LINES[4]!],
  [
    { ...BUILDKIT, why: 'Builder=buildkit', session: 'upgrade' },
    '  builder  BuildKit (Builder=buildkit; session by upgrade)',
  ],
  [the.CLASSIC, '  builder  classic (the daemon has no BuildKit: it answered POST /session with 404)'],
  [{ ...the.CLASSIC, why: 'Builder=classic' }, '  builder  classic (Builder=classic)'],
])('%j', (chosen, line) => {
  expect(linesOf(begin('preflight'), chosen, end('preflight')).slice(1, -1)).toEqual([line]);
});
