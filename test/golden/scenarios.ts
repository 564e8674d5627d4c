import { ConfigError, StepError } from '../../src/domain/errors';
import type { TimedEvent } from '../../src/domain/events';
import { BUILDKIT_SCENARIOS } from './buildkit-scenarios';
import * as the from './passages';
import {
  digest,
  endedWith,
  ENDPOINT,
  FAILURE_FILES,
  HOST,
  IDENTITY,
  pushedTag,
  Recording,
  RESULT,
  RESULT_FILES,
  runState,
  tagged,
} from './recording';
import { CHECK_SCENARIOS } from './check-scenarios';
import { REGISTRY_SCENARIOS } from './registry-scenarios';
import { TARGET_SCENARIOS } from './target-scenarios';

type Scenario = () => readonly TimedEvent[];

const pushedOutcome = {
  kind: 'pushed',
  result: RESULT,
  pushed: [
    pushedTag('1.42-3fa9c1d'),
    pushedTag('stable', digest('5c0e')),
    pushedTag('latest', digest('aa10'), { how: 'put' }),
  ],
} as const;

function upToBuild(mode: 'push' | 'build' = 'push', builder = the.CLASSIC): Recording {
  return the.contextSent(the.login(the.preflight(the.started(new Recording(), mode), builder)));
}

function upToPush(): Recording {
  return the.built(the.npmBuild(upToBuild()).wait(2_000).report(the.stepEnded(5, false)));
}

const success: Scenario = () => {
  const recording = the.npmBuild(upToBuild()).wait(37_000);
  recording.report(the.output(5, 'done\nbuilt in 38.61s\n'), the.stepEnded(5, false));
  the.cleaned(the.verified(the.pushed(the.built(recording))));
  return recording.report(endedWith(pushedOutcome, RESULT_FILES)).events;
};

const cachedNoOp: Scenario = () => {
  const recording = the.cachedSteps(upToBuild('push', { ...the.CLASSIC, why: 'Builder=classic' }));
  recording.report(the.step(4, 'COPY . .'), the.stepEnded(4, true));
  recording.report(the.step(5, 'RUN npm run build'), the.stepEnded(5, true));
  the.built(recording).report({ type: 'phase-started', phase: 'push' });
  the.layersPresent(recording, 'stable').wait(80);
  recording.report(the.tagPushed('stable', digest('5c0e')), { type: 'phase-ended', phase: 'push', ok: true });
  recording.report({ type: 'phase-started', phase: 'verify' }).wait(40);
  recording.report({ type: 'digest-verified', ref: tagged('stable'), digest: digest('5c0e'), by: 'registry' });
  the.cleaned(recording.report({ type: 'phase-ended', phase: 'verify', ok: true }), 2);
  const outcome = { ...pushedOutcome, pushed: [pushedTag('stable', digest('5c0e'))] };
  return recording.report(endedWith(outcome, RESULT_FILES)).events;
};

const runFails: Scenario = () => {
  const recording = the.npmBuild(upToBuild()).wait(1_200);
  recording.report(
    the.output(5, '\n\u001b[91mnpm error code ELIFECYCLE\nnpm error \u001b[31mexit 2\u001b[0m\n\u001b[0m'),
  );
  recording.report(the.stepEnded(5, false, true), { type: 'phase-ended', phase: 'build', ok: false });
  const error = new StepError('BUILD_RUN_FAILED', 'none', 'build', 'RUN npm run build ended with exit code 2', {
    words: "The command '/bin/sh -c npm run build' returned a non-zero code: 2",
    hint: 'Read the lines above: they are the last ones of that command',
  });
  recording.wait(30).report(the.removed(1, []));
  return recording.report(endedWith({ kind: 'failed', phase: 'build', error, state: runState() }, FAILURE_FILES))
    .events;
};

const pushDenied: Scenario = () => {
  const recording = the.firstTagPushed(upToPush()).wait(200);
  the.layersPresent(recording, 'stable');
  recording.report({
    type: 'retrying',
    what: 'push of stable',
    attempt: 2,
    attempts: 4,
    delayMs: 1_240,
    reason: 'toomanyrequests: Rate exceeded',
  });
  recording
    .wait(1_300)
    .report({ type: 'tag-refused', ref: tagged('stable') }, { type: 'phase-ended', phase: 'push', ok: false });
  const words = `denied: User: arn:aws:sts::111122223333:assumed-role/gocd-push/gocd-cart-42\nis not authorized to perform: ecr:PutImage`;
  const error = new StepError(
    'PUSH_DENIED',
    'daemon-registry',
    'environment',
    `${IDENTITY} may upload layers, not put images`,
    {
      words,
      hint: 'Allow ecr:PutImage on arn:aws:ecr:eu-west-1:111122223333:repository/shop/cart',
    },
  );
  recording.report(
    { type: 'cleanup-failed', ref: the.RUN_REF, reason: 'the daemon did not answer in 5 s' },
    the.removed(0),
  );
  const state = runState({ pushed: [pushedTag('1.42-3fa9c1d')], missing: ['stable', 'latest'] });
  return recording.report(endedWith({ kind: 'failed', phase: 'push', error, state }, FAILURE_FILES)).events;
};

const loginRefused: Scenario = () => {
  const recording = the.preflight(the.started(new Recording())).report({ type: 'phase-started', phase: 'login' });
  recording.report({
    type: 'token-issued',
    registry: HOST,
    expiresAt: recording.events[0]!.at + 43_200_000,
    refreshed: false,
  });
  recording.wait(2_600).report({ type: 'daemon-login', registry: HOST, accepted: false });
  recording.report({ type: 'phase-ended', phase: 'login', ok: false });
  const error = new StepError(
    'REGISTRY_LOGIN_REFUSED',
    'daemon-registry',
    'environment',
    `${HOST} refused the login that the daemon tried`,
    {
      words: 'login attempt to https://AWS:hunter2@registry/v2/ failed with status: 401 Unauthorized',
    },
  );
  const state = runState({ registryProven: false });
  return recording.report(endedWith({ kind: 'failed', phase: 'login', error, state }, FAILURE_FILES)).events;
};

const configProblems: Scenario = () => {
  const error = new ConfigError([
    { field: 'Repository', message: 'is required: the name of the ECR repository, such as team/app' },
    { field: 'Tags', message: '"release 1" is no legal tag (a blank)\nset ${GO_PIPELINE_LABEL|tag} to make it one' },
  ]);
  const state = runState({ awsProven: undefined, daemonProven: undefined, registry: undefined, registryProven: false });
  return new Recording().report(
    endedWith({ kind: 'failed', phase: undefined, error, state }, ['ecr-image.failed.json']),
  ).events;
};

const cancelledInBuild: Scenario = () => {
  const recording = the.npmBuild(upToBuild()).wait(7_000).report({ type: 'cancelling', reason: 'signal' });
  recording.wait(20).report({ type: 'phase-ended', phase: 'build', ok: false }).wait(30).report(the.removed(1, []));
  return recording.report(endedWith({ kind: 'cancelled', phase: 'build', state: runState() }, FAILURE_FILES)).events;
};

const cancelledInPush: Scenario = () => {
  const recording = the.firstTagPushed(upToPush());
  recording.report(the.layer('z9', 'pushing', 20_000_000, 120_000_000, 'stable')).wait(12_000);
  recording.report(the.layer('z9', 'pushing', 45_000_000, 120_000_000, 'stable')).wait(3_000);
  recording.report({ type: 'cancelling', reason: 'signal' }).wait(40);
  recording.report({ type: 'phase-ended', phase: 'push', ok: false }, the.removed(3));
  const state = runState({ pushed: [pushedTag('1.42-3fa9c1d')], missing: ['stable', 'latest'] });
  return recording.report(endedWith({ kind: 'cancelled', phase: 'push', state }, FAILURE_FILES)).events;
};

const timedOut: Scenario = () => {
  const recording = the.npmBuild(upToBuild()).wait(118_000).report({ type: 'cancelling', reason: 'timeout' });
  recording.wait(20).report({ type: 'phase-ended', phase: 'build', ok: false }, the.removed(1, []));
  const outcome = { kind: 'timed-out', phase: 'build', limitMs: 120_000, state: runState() } as const;
  return recording.report(endedWith(outcome, FAILURE_FILES)).events;
};

const buildOnly: Scenario = () => {
  const recording = the.built(the.npmBuild(upToBuild('build')).wait(2_000).report(the.stepEnded(5, false)));
  the.cleaned(recording, 1);
  const refs = [`${HOST}/shop/cart:1.42-3fa9c1d`, `${HOST}/shop/cart:latest`];
  return recording.report(endedWith({ kind: 'built', result: RESULT, refs }, RESULT_FILES)).events;
};

const burst: Scenario = () => {
  const recording = the.npmBuild(upToBuild());
  for (let line = 1; line <= 50_000; line += 100) {
    const lines = Array.from({ length: 100 }, (_, index) => `line ${line + index}\n`);
    recording.report(the.output(5, lines.join(''))).wait(4);
  }
  recording.report(the.stepEnded(5, false, true), { type: 'phase-ended', phase: 'build', ok: false });
  const error = new StepError('BUILD_RUN_FAILED', 'none', 'build', 'RUN npm run build ended with exit code 2');
  return recording.report(endedWith({ kind: 'failed', phase: 'build', error, state: runState() }, FAILURE_FILES))
    .events;
};

const daemonGone: Scenario = () => {
  const recording = the.started(new Recording()).report({ type: 'phase-started', phase: 'preflight' }).wait(15_000);
  recording.report({ type: 'phase-ended', phase: 'preflight', ok: false });
  const error = new StepError(
    'DAEMON_TIMEOUT',
    'agent-daemon',
    'environment',
    `${ENDPOINT} (field DockerHost) did not answer within 15 s`,
    {
      hint: 'See whether the machine is up and its port is open from this agent',
    },
  );
  const state = runState({ daemonProven: undefined, awsProven: undefined, registry: undefined, registryProven: false });
  return recording.report(endedWith({ kind: 'failed', phase: 'preflight', error, state }, FAILURE_FILES)).events;
};

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'success-3-tags': success,
  'cached-no-op': cachedNoOp,
  'failing-run': runFails,
  'push-denied': pushDenied,
  'login-refused': loginRefused,
  'config-problems': configProblems,
  'cancelled-in-build': cancelledInBuild,
  'cancelled-in-push': cancelledInPush,
  'timed-out': timedOut,
  'build-mode': buildOnly,
  burst,
  'daemon-gone': daemonGone,
  ...CHECK_SCENARIOS,
  ...BUILDKIT_SCENARIOS,
  ...REGISTRY_SCENARIOS,
  ...TARGET_SCENARIOS,
};
