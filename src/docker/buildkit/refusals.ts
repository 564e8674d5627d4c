import type { DaemonInfo } from '../../domain/daemon-info';
import { StepError } from '../../domain/errors';
import type { BuildPlan } from '../../domain/plan';

interface Need {
  readonly field: string;
  readonly isSet: (plan: BuildPlan) => boolean;
  readonly isMet: (engine: DaemonInfo) => boolean;
  /** What the engine would have to be. */
  readonly needs: string;
  readonly fix: string;
}

/** API of Docker Engine 23, the first with BuildKit 0.10, whose frontend reads these. */
const API_23 = 42;
const newEngine = {
  isMet: (engine: DaemonInfo): boolean => minorOf(engine.apiVersion) >= API_23,
  needs: 'Docker Engine 23 or later',
};
const containerdStore = {
  isMet: (engine: DaemonInfo): boolean => engine.store === 'containerd',
  needs: 'the containerd image store',
};

const needs: readonly Need[] = [
  {
    field: 'ShmSize',
    isSet: (plan) => plan.shmSizeBytes !== undefined,
    ...newEngine,
    fix: 'Leave ShmSize out, or set Builder=classic, which has it',
  },
  {
    field: 'Ulimits',
    isSet: (plan) => plan.ulimits.length > 0,
    ...newEngine,
    fix: 'Leave Ulimits out, or set Builder=classic, which has them',
  },
  {
    field: 'BuildContexts',
    isSet: (plan) => plan.contexts.length > 0,
    ...newEngine,
    fix: 'Leave BuildContexts out, or name another daemon in DockerHost',
  },
  {
    field: 'CacheTo with type=registry',
    isSet: (plan) => plan.cacheTo.some(({ type }) => type === 'registry'),
    ...containerdStore,
    fix: 'Set CacheTo to type=inline, or name a daemon with that store in DockerHost',
  },
  {
    field: 'Provenance',
    isSet: (plan) => plan.provenance !== undefined,
    ...containerdStore,
    fix: 'Leave Provenance out, or name a daemon with that store in DockerHost',
  },
];

/**
 * Refuses what BuildKit of this engine would leave out without a word: attributes that a frontend does not know, and
 * exports that an image store can't hold, are ignored (measured on 20.10 and on 29 with both stores).
 */
export function refuseIgnored(plan: BuildPlan, engine: DaemonInfo): void {
  const missing = needs.find((need) => need.isSet(plan) && !need.isMet(engine));
  if (missing === undefined) return;
  throw new StepError(
    'CONFIG_INVALID',
    'agent-daemon',
    'config',
    `${missing.field} needs ${missing.needs}, and the daemon is ${engine.product} ${engine.engineVersion} with the ${engine.store} image store: its BuildKit would leave that out without a word`,
    { hint: missing.fix },
  );
}

/** Where the engine's kind decides, it must be known before the build. */
export function dependsOnEngine(plan: BuildPlan): boolean {
  return needs.some((need) => need.isSet(plan));
}

/** `1.41`: 41. */
function minorOf(apiVersion: string): number {
  return Number(/^1\.(\d+)$/.exec(apiVersion)?.[1] ?? 0);
}
