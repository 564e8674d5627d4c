import type { DaemonInfo } from '../domain/daemon-info';
import { refName, repositoryName } from '../domain/image-ref';
import type { BuildResult, Outcome, PushedTag, RunState } from '../domain/outcome';
import type { Plan, RunIdentity } from '../domain/plan';
import type { RunTimes } from '../pipeline/ports';

export type Finished = Extract<Outcome, { kind: 'pushed' | 'built' }>;
export type Unfinished = Extract<Outcome, { kind: 'failed' | 'cancelled' | 'timed-out' }>;

/** What `ecr-image.json` holds. Names may be added within a major version, never renamed. */
export function resultOf(version: string, plan: Plan, outcome: Finished, times: RunTimes): object {
  const main = outcome.kind === 'pushed' ? mainTag(plan, outcome.pushed) : undefined;
  return {
    ...(outcome.kind === 'pushed' ? pushedImage(outcome, main) : builtImage(outcome)),
    registry: main?.ref.repository.host ?? plan.repository.host ?? null,
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
    targets: outcome.state.targets.map(({ name, error, pushed, missing }) => ({
      name,
      code: error?.code ?? null,
      message: error?.message ?? null,
      pushed: pushed.map(pushedRef),
      missing,
    })),
    registry: outcome.state.registry ?? plan.repository.host ?? null,
    repository: plan.repository.path,
    ...commonOf(version, plan, times),
  };
}

/** `IMAGE=…` or `IMAGE_ID=…`, to be sourced by a shell or given to `--env-file`: legal names of images need no quotes. */
export function variablesOf(plan: Plan, outcome: Finished): string {
  const main = outcome.kind === 'pushed' ? mainTag(plan, outcome.pushed) : undefined;
  return main === undefined ? `IMAGE_ID=${outcome.result.imageId ?? ''}\n` : `IMAGE=${byDigest(main)}\n`;
}

/** The first tag of field Tags in the repository of field Repository: it stays with this image. */
function mainTag({ repository }: Plan, pushed: readonly PushedTag[]): PushedTag | undefined {
  const { host, path } = repository;
  const lasting = pushed.filter(({ floating }) => !floating);
  const own = lasting.find(
    ({ ref }) => ref.repository.path === path && (ref.repository.host === host || host === undefined),
  );
  return own ?? lasting[0];
}

function byDigest({ ref, digest }: PushedTag): string {
  return `${repositoryName(ref.repository)}@${digest}`;
}

/** The run that a result belongs to: a later stage, a rerun, and another pipeline all differ in one of these. */
export function runOf(run: RunIdentity): Record<string, string> {
  const { pipeline, counter, label, stage, stageCounter, job } = run;
  return { pipeline, counter, label, stage, stageCounter, job };
}

function pushedImage({ pushed }: Extract<Finished, { kind: 'pushed' }>, main: PushedTag | undefined): object {
  return {
    image: main === undefined ? null : byDigest(main),
    tag: main?.ref.tag ?? null,
    digest: main?.digest ?? null,
    images: pushed.map(({ ref, digest, previous, how, floating }) => ({
      ref: refName(ref),
      digest,
      previous: previous ?? null,
      how,
      floating,
      target: repositoryName(ref.repository),
    })),
  };
}

function builtImage({ refs }: Extract<Finished, { kind: 'built' }>): object {
  return { image: null, tag: null, digest: null, images: [], refs };
}

function buildOf({ from, imageId, bases, sizeBytes, platform, builder, daemon, endpoint }: BuildResult): object {
  return {
    from,
    imageId: imageId ?? null,
    bases: bases.map((base) => ({
      ref: base.ref,
      digest: base.digest ?? null,
      imageId: base.imageId ?? null,
    })),
    sizeBytes,
    platform: platform ?? null,
    builder: builder ?? null,
    daemon: daemon === undefined ? null : daemonOf(daemon, endpoint),
  };
}

function daemonOf({ product, engineVersion, apiVersion, os, arch, store }: DaemonInfo, endpoint: string): object {
  return { endpoint, product, engineVersion, apiVersion, os, arch, store };
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
    pushed: state.pushed.map(pushedRef),
    missing: state.missing,
  };
}

function pushedRef({ ref, digest, how }: PushedTag): object {
  return { ref: refName(ref), digest, how };
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
