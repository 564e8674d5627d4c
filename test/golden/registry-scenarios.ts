import { StepError } from '../../src/domain/errors';
import type { TimedEvent } from '../../src/domain/events';
import type { BuildResult, PushedTag } from '../../src/domain/outcome';
import * as the from './passages';
import { digest, endedWith, FAILURE_FILES, pushedTag, Recording, RESULT, RESULT_FILES, runState } from './recording';
import * as registry from './registry-passages';
import { IDENTITY_TAG } from './registry-passages';

export type Scenario = () => readonly TimedEvent[];

export const identity = pushedTag(IDENTITY_TAG);
export const latest = pushedTag('latest', digest('aa10'), { how: 'put' });
const FOREIGN_HINT = 'A tag that should move belongs in FloatingTags; to replace it, set ExistingTag=overwrite';

export function ended(
  recording: Recording,
  pushed: readonly PushedTag[],
  result: BuildResult = RESULT,
): readonly TimedEvent[] {
  return recording.report(endedWith({ kind: 'pushed', result, pushed }, RESULT_FILES)).events;
}

function push(recording: Recording, ...pushed: readonly (PushedTag & { run?: string })[]): Recording {
  recording
    .report({ type: 'phase-started', phase: 'push' })
    .wait(900)
    .report(...registry.layers());
  recording.report(...registry.pushed(...pushed), { type: 'phase-ended', phase: 'push', ok: true });
  const here = pushed.filter(({ how }) => how !== 'left');
  return the.cleaned(registry.verified(recording, ['registry'], ...here), 2);
}

/** A rerun of the stage: one tag is there, the other was not put the first time. */
const reuse: Scenario = () => {
  const recording = registry.started(new Recording()).report({ type: 'phase-started', phase: 'preflight' }).wait(200);
  recording.report({
    type: 'retrying',
    what: 'look-up of tags in shop/cart',
    attempt: 2,
    attempts: 5,
    delayMs: 410,
    reason: 'ThrottlingException: Rate exceeded',
  });
  recording
    .wait(500)
    .report(
      registry.aws(),
      registry.repository({ mutability: 'IMMUTABLE_WITH_EXCLUSION', exclusions: ['latest*', 'edge'] }),
      registry.tag(IDENTITY_TAG, 'ours', { digest: digest('5c0e'), run: 'run 42', since: registry.EARLIER }),
      registry.tag('latest', 'moves', { digest: digest('aa10'), run: 'run 41' }),
      { type: 'image-reused', digest: digest('5c0e'), sizeBytes: 61_200_000 },
      { type: 'phase-ended', phase: 'preflight', ok: true },
    );
  recording.report({ type: 'phase-started', phase: 'push' }).wait(140);
  const present = { ...identity, previous: digest('5c0e'), how: 'present' } as const;
  recording.report(...registry.pushed(present, latest), { type: 'phase-ended', phase: 'push', ok: true });
  registry.verified(recording, [], present, latest);
  const result = {
    ...RESULT,
    from: 'registry',
    imageId: undefined,
    sizeBytes: 61_200_000,
    bases: [],
    builder: undefined,
    daemon: undefined,
  } as const;
  return ended(recording, [present, latest], result);
};

/** Run 43 was faster. */
const floatingLeft: Scenario = () => {
  const recording = registry.preflight(
    registry.started(new Recording()),
    registry.daemon(),
    the.CLASSIC,
    registry.aws(),
    registry.repository(),
    ...registry.tags(),
  );
  const left = { ...pushedTag('latest', digest('cc30'), { digest: digest('cc30'), how: 'left' }), run: 'run 43' };
  push(registry.build(the.login(recording)), identity, left);
  return ended(recording, [identity, left]);
};

const source: Scenario = () => {
  const phases = ['preflight', 'login', 'push', 'verify', 'cleanup'] as const;
  const recording = registry.started(new Recording(), {
    phases,
    fieldsSet: [{ name: 'Repository' }, { name: 'Tags', items: 1 }, { name: 'Source' }],
  });
  registry.preflight(
    recording,
    registry.aws(),
    registry.repository({ mutability: 'IMMUTABLE' }),
    registry.daemon(),
    {
      type: 'source-described',
      ref: 'cart:tested',
      imageId: registry.SOURCE_ID,
      sizeBytes: 182_400_000,
      platform: 'linux/amd64',
    },
    registry.tag(IDENTITY_TAG, 'free'),
  );
  push(the.login(recording), identity);
  return ended(recording, [identity], { ...RESULT, from: 'source', bases: [], builder: undefined });
};

const createdRepository: Scenario = () => {
  const recording = registry.started(new Recording());
  const created = registry.repository({
    created: true,
    mutability: 'IMMUTABLE_WITH_EXCLUSION',
    exclusions: ['latest'],
  });
  registry.preflight(
    recording,
    registry.daemon(),
    the.CLASSIC,
    registry.aws(),
    created,
    registry.tag(IDENTITY_TAG, 'free'),
    registry.tag('latest', 'free'),
  );
  const first = pushedTag('latest', undefined, { how: 'put' });
  push(registry.build(the.login(recording)), identity, first);
  return ended(recording, [identity, first]);
};

const drift: Scenario = () => {
  const recording = registry.started(new Recording());
  registry.preflight(
    recording,
    registry.daemon(),
    the.CLASSIC,
    registry.aws(),
    registry.repository(),
    registry.drift('scanOnPush', 'true', 'false'),
    registry.drift('imageTagMutability', 'IMMUTABLE', 'MUTABLE'),
    registry.drift('lifecyclePolicy', '2 rules', 'none'),
    ...registry.tags(),
  );
  push(registry.build(the.login(recording)), identity, latest);
  return ended(recording, [identity, latest]);
};

const tagForeign: Scenario = () => {
  const recording = registry.started(new Recording()).report({ type: 'phase-started', phase: 'preflight' }).wait(600);
  const other = { digest: digest('dd40'), run: 'run 7 of pipeline cart-release', since: registry.EARLIER };
  recording.report(
    registry.daemon(),
    the.CLASSIC,
    registry.aws(),
    registry.repository({ mutability: 'MUTABLE_WITH_EXCLUSION', exclusions: ['release-*'] }),
    registry.tag(IDENTITY_TAG, 'foreign', other),
    registry.tag('latest', 'moves', { digest: digest('aa10') }),
    { type: 'phase-ended', phase: 'preflight', ok: false },
  );
  const message = `Tag ${IDENTITY_TAG} of shop/cart is already there and is not this run's image: ${digest('dd40')}, pushed 2026-03-01T16:20:00Z by run 7 of pipeline cart-release`;
  const error = new StepError('TAG_FOREIGN', 'none', 'config', message, { hint: FOREIGN_HINT });
  const state = runState({ registryProven: false, missing: [IDENTITY_TAG, 'latest'] });
  return recording.report(endedWith({ kind: 'failed', phase: 'preflight', error, state }, FAILURE_FILES)).events;
};

export const REGISTRY_SCENARIOS: Readonly<Record<string, Scenario>> = {
  reuse,
  'floating-left': floatingLeft,
  source,
  'created-repository': createdRepository,
  drift,
  'tag-foreign': tagForeign,
};
