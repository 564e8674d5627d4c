import type { ImageId } from '../domain/image-ref';
import type { Phase } from '../domain/phase';
import type { Plan } from '../domain/plan';
import type { HeldReport } from './ahead';
import type { Ledger } from './ledger';
import type { Docker, Ports, Report } from './ports';

/** What the phases of one run share. What is undefined appears as the run gets to it; clean-up needs what is there. */
export interface RunTools {
  readonly plan: Plan;
  readonly ports: Ports;
  readonly ledger: Ledger;
  readonly report: Report;
  readonly signal: AbortSignal;
  docker: Docker | undefined;
  /** The image that is pushed, once the daemon has it. */
  imageId: ImageId | undefined;
  /** A ref that stays on the daemon by design: what the task's next build is fast by. */
  keptRef: string | undefined;
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
