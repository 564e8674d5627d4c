import type { Plan } from '../domain/plan';
import type { EnteredTarget, Preflight } from './preflight';
import type { RunTools } from './run-tools';
import { attempt, throwIfNoneIsLeft } from './targets';

/** Does a daemon push there? Where the image is already AWS alone does the rest. */
function isEntered(plan: Plan, { target }: EnteredTarget): boolean {
  return plan.mode !== 'push' || target.image === undefined;
}

/** A build may read other registries. */
export function needsLogin(plan: Plan, targets: readonly EnteredTarget[]): boolean {
  return plan.source === undefined || targets.some((target) => isEntered(plan, target));
}

/** Whether the daemon may enter the registries, tried before minutes of building. */
export async function logIn(tools: RunTools, { targets, logins }: Preflight): Promise<void> {
  for (const entered of targets.filter((each) => isEntered(tools.plan, each))) {
    const { target, login } = entered;
    await attempt(tools, target.record, async () => {
      target.entering.tell();
      target.record.registry = (await login).host;
      target.record.registryProven = true;
    });
  }
  if (targets.length > 0) throwIfNoneIsLeft(tools);
  await logins.ready(tools.report);
}
