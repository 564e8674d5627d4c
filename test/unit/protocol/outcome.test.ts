import { ConfigError, StepError } from '../../../src/domain/errors';
import type { Digest, ImageId, Tag } from '../../../src/domain/image-ref';
import type { BuildResult, Outcome, PushedTag, RunState } from '../../../src/domain/outcome';
import { faultReply, replyOf as maskedReplyOf } from '../../../src/protocol/outcome';

const replyOf = (outcome: Outcome) => maskedReplyOf(outcome, (text) => text);

const digest = `sha256:${'5c'.repeat(32)}` as Digest;
const imageId = `sha256:${'77'.repeat(32)}` as ImageId;
const repository = { host: '111122223333.dkr.ecr.eu-west-1.amazonaws.com', path: 'shop/cart' };

const other = { host: '444455556666.dkr.ecr.us-east-1.amazonaws.com', path: 'shop/cart' };

function pushedTag(tag: string, how: PushedTag['how'] = 'pushed', where = repository): PushedTag {
  return { ref: { repository: where, tag: tag as Tag }, digest, previous: undefined, how, floating: false };
}

function state(
  pushed: readonly string[] = [],
  missing: readonly string[] = [],
  targets: RunState['targets'] = [],
): RunState {
  return {
    awsProven: undefined,
    daemonProven: undefined,
    registry: undefined,
    registryProven: false,
    pushed: [...pushed.map((tag) => pushedTag(tag)), ...targets.flatMap((target) => target.pushed)],
    missing,
    targets,
  };
}

function failed(error: StepError, at = state()): Outcome {
  return { kind: 'failed', phase: 'push', error, state: at };
}

const result = { imageId } as BuildResult;
const denied = new StepError('PUSH_DENIED', 'daemon-registry', 'environment', 'The registry refused tag 1.42', {
  hint: 'Allow ecr:PutImage',
  words: 'denied: not authorized',
});

const missing = new StepError('ECR_REPOSITORY_MISSING', 'agent-aws', 'config', 'Repository shop/cart does not exist');
const several = new StepError(
  'TARGETS_FAILED',
  'none',
  'environment',
  '2 of 3 targets failed: a: it broke; b: it is missing',
);
const targets: RunState['targets'] = [
  {
    name: `${repository.host}/shop/cart`,
    error: undefined,
    pushed: [pushedTag('1'), pushedTag('2', 'left')],
    missing: [],
  },
  { name: `${other.host}/shop/cart`, error: denied, pushed: [pushedTag('1', 'put', other)], missing: ['2'] },
  { name: 'shop/cart', error: missing, pushed: [], missing: ['1', '2'] },
];

const table: readonly (readonly [string, Outcome, boolean, string])[] = [
  [
    'pushed',
    { kind: 'pushed', result, pushed: [pushedTag('1.42'), pushedTag('latest')] },
    true,
    `Pushed 111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/cart@${digest} as 1.42, latest`,
  ],
  [
    'put and left',
    { kind: 'pushed', result, pushed: [pushedTag('1.42', 'put'), pushedTag('latest', 'left')] },
    true,
    `Pushed 111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/cart@${digest} as 1.42; left at a later run: latest`,
  ],
  [
    'there already',
    { kind: 'pushed', result, pushed: [pushedTag('1.42', 'present'), pushedTag('latest', 'left')] },
    true,
    `Already there: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/cart@${digest} as 1.42; left at a later run: latest`,
  ],
  [
    'pushed to several targets',
    { kind: 'pushed', result, pushed: [pushedTag('1'), pushedTag('2', 'put'), pushedTag('1', 'present', other)] },
    true,
    `Pushed 111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/cart@${digest} as 1, 2; 444455556666.dkr.ecr.us-east-1.amazonaws.com/shop/cart@${digest} as 1`,
  ],
  ['pushed without a tag', { kind: 'pushed', result, pushed: [] }, true, 'Pushed nothing'],
  [
    'built',
    { kind: 'built', result, refs: ['shop/cart:1', 'shop/cart:2'] },
    true,
    `Built ${imageId} as shop/cart:1, shop/cart:2`,
  ],
  ['checked', { kind: 'checked' }, true, 'Checked: every hop answered, nothing was built'],
  [
    'cancelled before a phase',
    { kind: 'cancelled', phase: undefined, state: state() },
    false,
    'CANCELLED: before anything was done. No tag was pushed',
  ],
  [
    'cancelled between tags',
    { kind: 'cancelled', phase: 'push', state: state(['1.42'], ['latest']) },
    false,
    'CANCELLED: in push. Already pushed: 1.42; not pushed: latest',
  ],
  [
    'cancelled after the tags',
    { kind: 'cancelled', phase: 'verify', state: state(['1.42']) },
    false,
    'CANCELLED: in verify. Already pushed: 1.42',
  ],
  [
    'timed out',
    { kind: 'timed-out', phase: 'build', limitMs: 90_000, state: state() },
    false,
    'TIMED_OUT: after 1.5 min (field TimeoutMinutes) in build. No tag was pushed',
  ],
  ['failed', failed(denied), false, 'PUSH_DENIED: The registry refused tag 1.42. Allow ecr:PutImage'],
  [
    'failed between tags',
    failed(denied, state(['1.42'], ['latest'])),
    false,
    'PUSH_DENIED: The registry refused tag 1.42. Allow ecr:PutImage. Already pushed: 1.42; not pushed: latest',
  ],
  [
    'failed at some targets',
    failed(several, state([], ['444455556666.dkr.ecr.us-east-1.amazonaws.com/shop/cart:2', 'shop/cart:1'], targets)),
    false,
    'TARGETS_FAILED: 2 of 3 targets failed: a: it broke; b: it is missing. ' +
      'Already pushed: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/cart:1, 444455556666.dkr.ecr.us-east-1.amazonaws.com/shop/cart:1; ' +
      'not pushed: 444455556666.dkr.ecr.us-east-1.amazonaws.com/shop/cart:2, shop/cart:1',
  ],
  [
    'failed at all targets',
    failed(several, state([], ['shop/cart:1', 'shop/cart:2'], targets.slice(2))),
    false,
    'TARGETS_FAILED: 2 of 3 targets failed: a: it broke; b: it is missing',
  ],
  [
    'failed without a hint',
    failed(new StepError('BUILD_FAILED', 'none', 'build', 'It broke.')),
    false,
    'BUILD_FAILED: It broke.',
  ],
  [
    'a wrong configuration, whole',
    failed(
      new ConfigError([
        { field: 'Repository', message: 'is empty' },
        { field: 'Region', message: 'contradicts the host' },
      ]),
    ),
    false,
    'CONFIG_INVALID: Repository: is empty | Region: contradicts the host',
  ],
];

describe('the reply to GoCD', () => {
  it.each(table)('%s', (_name, outcome, success, message) => {
    expect(replyOf(outcome)).toEqual({ success, message });
  });

  it('is one line without controls', () => {
    const error = new StepError('BUILD_FAILED', 'none', 'build', 'a\r\n!!|12:00 b\u001b[2Jc\u202ed\u2028e\u0085f');
    expect(replyOf(failed(error)).message).toBe('BUILD_FAILED: a !!|12:00 b [2Jc d e f');
  });

  it('is cut where a field was huge', () => {
    const error = new StepError('BUILD_FAILED', 'none', 'build', 'x'.repeat(1_000_000));
    const { message } = replyOf(failed(error));
    expect(message).toHaveLength(16_384 + ' … (cut)'.length);
    expect(message.endsWith('x … (cut)')).toBe(true);
  });

  it('is masked before it is cut', () => {
    const secret = 's3cret';
    const error = new StepError(
      'BUILD_FAILED',
      'none',
      'build',
      `${'x'.repeat(16_384 - 'BUILD_FAILED: '.length - 3)}${secret}`,
    );
    const { message } = maskedReplyOf(failed(error), (text) => text.replaceAll(secret, '****'));
    expect(message.slice(-15)).toBe('xxxx*** … (cut)');
  });

  it('is the same for a fault that has no outcome', () => {
    expect(faultReply(denied)).toEqual({
      success: false,
      message: 'PUSH_DENIED: The registry refused tag 1.42. Allow ecr:PutImage',
    });
  });
});
