import { refName, repositoryName } from '../domain/image-ref';
import type { BuildResult, Outcome, RunState } from '../domain/outcome';
import type { Plan, RunIdentity } from '../domain/plan';
import type { RunTimes } from '../pipeline/ports';

export type Finished = Extract<Outcome, { kind: 'pushed' | 'built' }>;
export type Unfinished = Extract<Outcome, { kind: 'failed' | 'cancelled' | 'timed-out' }>;

/** What `ecr-image.json` holds. Names may be added within a major version, never renamed. */
export function resultOf(version: string, plan: Plan, outcome: Finished, times: RunTimes): object {
  const registry = outcome.kind === 'pushed' ? outcome.pushed[0]?.ref.repository.host : plan.repository.host;
  return {
    ...(outcome.kind === 'pushed' ? pushedImage(outcome) : builtImage(outcome)),
    registry: registry ?? null,
    repository: plan.repository.path,
    ...buildOf(outcome.result),
    ...commonOf(version, plan, times),
  };
}

/** What `ecr-image.failed.json` holds: the console's words, for scripts and alerts. */
export function failureOf(version: string, plan: Plan, outcome: Unfinished, times: RunTimes): object {
  return {
    ended: outcome.kind,
    phase: outcome.phase ?? null,
    ...reasonOf(outcome),
    state: stateOf(outcome.state),
    registry: outcome.state.registry ?? plan.repository.host ?? null,
    repository: plan.repository.path,
    ...commonOf(version, plan, times),
  };
}

/** `IMAGE=…` or `IMAGE_ID=…`, to be sourced by a shell or given to `--env-file`: legal names of images need no quotes. */
export function variablesOf(outcome: Finished): string {
  const first = outcome.kind === 'pushed' ? outcome.pushed[0] : undefined;
  return first
    ? `IMAGE=${repositoryName(first.ref.repository)}@${first.digest}\n`
    : `IMAGE_ID=${outcome.result.imageId}\n`;
}

/** The run that a result belongs to: a later stage, a rerun, and another pipeline all differ in one of these. */
export function runOf(run: RunIdentity): Record<string, string> {
  const { pipeline, counter, label, stage, stageCounter, job } = run;
  return { pipeline, counter, label, stage, stageCounter, job };
}

function pushedImage({ pushed, result }: Extract<Finished, { kind: 'pushed' }>): object {
  const first = pushed[0];
  return {
    image: first ? `${repositoryName(first.ref.repository)}@${first.digest}` : null,
    tag: first?.ref.tag ?? null,
    digest: first?.digest ?? null,
    imageId: result.imageId,
    images: pushed.map(({ ref, digest, previous }) => ({
      ref: refName(ref),
      digest,
      previous: previous ?? null,
      target: repositoryName(ref.repository),
    })),
  };
}

function builtImage({ refs, result }: Extract<Finished, { kind: 'built' }>): object {
  return { image: null, tag: null, digest: null, imageId: result.imageId, images: [], refs };
}

function buildOf({ bases, sizeBytes, platform, builder, daemon, endpoint }: BuildResult): object {
  const { product, engineVersion, apiVersion, os, arch, store } = daemon;
  return {
    bases: bases.map(({ ref, digest, imageId }) => ({ ref, digest: digest ?? null, imageId: imageId ?? null })),
    sizeBytes,
    platform,
    builder,
    daemon: { endpoint, product, engineVersion, apiVersion, os, arch, store },
  };
}

function reasonOf(outcome: Unfinished): object {
  if (outcome.kind === 'failed') {
    const { code, hop, blame, message, hint, words } = outcome.error;
    return { code, hop, blame, message, hint: hint ?? null, words: words ?? null };
  }
  if (outcome.kind === 'cancelled') return { code: 'CANCELLED', message: 'Cancelled' };
  return { code: 'TIMED_OUT', message: 'Ended by field TimeoutMinutes', limitMs: outcome.limitMs };
}

function stateOf(state: RunState): object {
  return {
    awsProven: state.awsProven ?? null,
    daemonProven: state.daemonProven ?? null,
    registryProven: state.registryProven,
    pushed: state.pushed.map(({ ref, digest }) => ({ ref: refName(ref), digest })),
    missing: state.missing,
  };
}

function commonOf(version: string, plan: Plan, times: RunTimes): object {
  return {
    startedAt: new Date(times.startedAt).toISOString(),
    durationMs: times.endedAt - times.startedAt,
    phases: Object.fromEntries(times.phases),
    mode: plan.mode,
    gocd: { ...runOf(plan.run), revisions: Object.fromEntries(plan.run.revisions) },
    plugin: { id: 'gocd-ecr-task', version },
  };
}
