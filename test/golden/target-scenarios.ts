import { StepError } from '../../src/domain/errors';
import * as the from './passages';
import { digest, endedWith, FAILURE_FILES, HOST, pushedTag, Recording, runState } from './recording';
import * as registry from './registry-passages';
import { IDENTITY_TAG, MAIN, OTHER } from './registry-passages';
import { ended, identity, latest, type Scenario } from './registry-scenarios';

function upToPush(): Recording {
  const fieldsSet = [{ name: 'Repository' }, { name: 'Tags', items: 1 }, { name: 'AlsoPushTo', items: 1 }];
  const recording = registry.twoTargets(registry.started(new Recording(), { fieldsSet }));
  registry.build(registry.twoLogins(recording));
  recording.report({ type: 'phase-started', phase: 'push' }).wait(700);
  return recording.report(...registry.layers(), ...registry.pushed(identity, latest)).wait(900);
}

const twoTargets: Scenario = () => {
  const other = [
    registry.inOther(identity),
    registry.inOther(pushedTag('latest', digest('bb20'), { how: 'put' })),
  ] as const;
  const recording = upToPush().report(...registry.layers(registry.OTHER_HOST), ...registry.pushed(...other));
  recording.report({ type: 'phase-ended', phase: 'push', ok: true });
  registry.verified(recording, ['registry', 'aws', 'registry'], identity, latest, ...other);
  return ended(the.cleaned(recording, 3), [identity, latest, ...other]);
};

const oneOfTwoFails: Scenario = () => {
  const recording = upToPush();
  const there = registry.inOther(identity);
  const words =
    'AccessDeniedException: User: arn:aws:sts::444455556666:assumed-role/gocd-push/gocd-cart-42\nis not authorized to perform: ecr:PutImage';
  const error = new StepError(
    'AWS_DENIED',
    'agent-aws',
    'environment',
    'ecr:PutImage on shop/cart in us-east-1 is denied',
    {
      words,
      hint: 'Allow ecr:PutImage on arn:aws:ecr:us-east-1:444455556666:repository/shop/cart',
    },
  );
  recording.report(...registry.layers(registry.OTHER_HOST), ...registry.pushed(there), {
    type: 'target-failed',
    name: OTHER,
    error,
  });
  recording.report({ type: 'phase-ended', phase: 'push', ok: false });
  registry.verified(recording, ['registry', 'aws', 'registry'], identity, latest, there);
  recording.report(the.removed(3));
  const state = runState({
    awsProven: registry.OTHER_ROLE,
    registry: registry.OTHER_HOST,
    pushed: [identity, latest, there],
    missing: [`${OTHER}:latest`],
    targets: [
      { name: MAIN, error: undefined, pushed: [identity, latest], missing: [] },
      { name: OTHER, error, pushed: [there], missing: ['latest'] },
    ],
  });
  const all = new StepError(
    'TARGETS_FAILED',
    error.hop,
    error.blame,
    `1 of 2 targets failed: ${OTHER}: ${error.message}`,
  );
  return recording.report(endedWith({ kind: 'failed', phase: 'push', error: all, state }, FAILURE_FILES)).events;
};

/** Nothing is asked of the daemon for a target that is given up. */
const oneOfTwoInPreflight: Scenario = () => {
  const recording = registry.started(new Recording()).report({ type: 'phase-started', phase: 'preflight' }).wait(310);
  const error = new StepError(
    'ECR_REPOSITORY_MISSING',
    'agent-aws',
    'config',
    `Repository shop/cart does not exist in account 444455556666, region us-east-1`,
    {
      hint: 'Create it, or set CreateRepository=if-missing',
    },
  );
  recording.report(
    registry.daemon(),
    the.CLASSIC,
    registry.target(MAIN, 1),
    registry.aws(),
    registry.repository(),
    ...registry.tags(),
    registry.target(OTHER, 2),
    registry.aws({ account: '444455556666', region: 'us-east-1', identity: registry.OTHER_ROLE }),
    { type: 'target-failed', name: OTHER, error },
    { type: 'note', text: 'FloatingTags: an empty item is left out' },
  );
  recording.wait(200).report({ type: 'phase-ended', phase: 'preflight', ok: true });
  registry.build(the.login(recording)).report({ type: 'phase-started', phase: 'push' }).wait(700);
  recording.report(...registry.layers(), ...registry.pushed(identity, latest), {
    type: 'phase-ended',
    phase: 'push',
    ok: true,
  });
  registry.verified(recording, ['registry'], identity, latest).report(the.removed(2));
  const state = runState({
    awsProven: registry.OTHER_ROLE,
    registry: registry.OTHER_HOST,
    registryProven: false,
    pushed: [identity, latest],
    missing: [`${OTHER}:${IDENTITY_TAG}`, `${OTHER}:latest`],
    targets: [
      { name: MAIN, error: undefined, pushed: [identity, latest], missing: [] },
      { name: OTHER, error, pushed: [], missing: [IDENTITY_TAG, 'latest'] },
    ],
  });
  const all = new StepError(
    'TARGETS_FAILED',
    error.hop,
    error.blame,
    `1 of 2 targets failed: ${OTHER}: ${error.message}`,
  );
  return recording.report(endedWith({ kind: 'failed', phase: 'preflight', error: all, state }, FAILURE_FILES)).events;
};

/** The job is cancelled while the second target is pushed. */
const cancelledBetweenTargets: Scenario = () => {
  const recording = upToPush().report(...registry.layers(registry.OTHER_HOST).slice(0, 2));
  recording.report({ type: 'cancelling', reason: 'signal' }).wait(40);
  recording.report({ type: 'phase-ended', phase: 'push', ok: false }, the.removed(3));
  const state = runState({
    registry: HOST,
    pushed: [identity, latest],
    missing: [`${OTHER}:${IDENTITY_TAG}`, `${OTHER}:latest`],
    targets: [
      { name: MAIN, error: undefined, pushed: [identity, latest], missing: [] },
      { name: OTHER, error: undefined, pushed: [], missing: [IDENTITY_TAG, 'latest'] },
    ],
  });
  return recording.report(endedWith({ kind: 'cancelled', phase: 'push', state }, FAILURE_FILES)).events;
};

export const TARGET_SCENARIOS: Readonly<Record<string, Scenario>> = {
  'two-targets': twoTargets,
  'one-of-two-fails': oneOfTwoFails,
  'one-of-two-fails-in-preflight': oneOfTwoInPreflight,
  'cancelled-between-targets': cancelledBetweenTargets,
};
