import type { Phase } from '../domain/phase';
import type { Plan } from '../domain/plan';
import type { HeldReport } from './ahead';
import type { Ledger } from './ledger';
import type { Docker, Ports, Report } from './ports';
import type { BuiltImage } from './steps/build';

/** What the phases of one run share. What is undefined appears as the run gets to it; clean-up needs what is there. */
export interface RunTools {
  readonly plan: Plan;
  readonly ports: Ports;
  readonly ledger: Ledger;
  readonly report: Report;
  readonly signal: AbortSignal;
  docker: Docker | undefined;
  built: BuiltImage | undefined;
  /** Where the classic builder's cache stays; BuildKit has its own. */
  cacheRef: string | undefined;
  cleaning: Cleaning | undefined;
  /** A build was cancelled while the daemon made an image: it may still name it. */
  brokenOff: boolean;
}

/** A clean-up that is under way; there is one in a run. */
export interface Cleaning {
  readonly done: Promise<void>;
  readonly held: HeldReport;
}

export async function phase<T>(name: Phase, tools: RunTools, work: () => Promise<T>): Promise<T> {
  tools.signal.throwIfAborted();
  tools.report({ type: 'phase-started', phase: name });
  try {
    const value = await work();
    tools.report({ type: 'phase-ended', phase: name, ok: true });
    return value;
  } catch (error) {
    tools.report({ type: 'phase-ended', phase: name, ok: false });
    throw error;
  }
}

/** The ref by which the classic builder's next run finds its cache. */
export function cacheRefOf(plan: Plan): string {
  return `gocd-ecr-task/cache:${plan.run.taskKey}`;
}

const RUN_REF = 'gocd-ecr-task/run:';

/** Unique: two runs of one task on one daemon at the same moment must not share a ref. */
export function newRunRef({ plan, ports: { clock } }: RunTools): string {
  const chance = Math.floor(clock.random() * 2 ** 40).toString(36);
  return `${RUN_REF}${plan.run.taskKey}-${clock.now().toString(36)}-${chance}`;
}

export function isRunRef(ref: string): boolean {
  return ref.startsWith(RUN_REF);
}
