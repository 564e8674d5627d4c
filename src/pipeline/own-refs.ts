import type { Plan } from '../domain/plan';
import type { RunTools } from './run-tools';

/** The ref by which the task's next run finds its cache; see cache-ref.ts. */
export function cacheRefOf(plan: Plan): string {
  return `gocd-ecr-task/cache:${plan.run.taskKey}`;
}

/**
 * Holds an image of field Source that has no name of its own: with the last name the daemon deletes an image. The next
 * run of the task moves it on.
 */
export function sourceRefOf(plan: Plan): string {
  return `gocd-ecr-task/source:${plan.run.taskKey}`;
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
