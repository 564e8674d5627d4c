import { StepError } from '../../domain/errors';
import type { BuilderName, SessionKind } from '../../domain/events';
import type { BuildPlan } from '../../domain/plan';
import { buildKitFields, isClassicNetwork } from './builder-fields';
import type { NoBuildKit } from './dial/dialled';

export interface BuilderChoice {
  readonly builder: BuilderName;
  /** Who decided, for the event `builder-chosen`. */
  readonly why: string;
  readonly session: SessionKind | undefined;
}

/** Whether a session is to be tried at all. */
export function wantsBuildKit(plan: BuildPlan): boolean {
  return plan.builder === 'buildkit' || (plan.builder === 'auto' && !isClassicNetwork(plan.networkMode));
}

/** Which builder it is, after a session was tried (undefined: none was wanted). Throws where fields and daemon leave none. */
export function chooseBuilder(
  plan: BuildPlan,
  reached: { readonly kind: SessionKind } | NoBuildKit | undefined,
): BuilderChoice {
  if (reached !== undefined && reached.kind !== 'none') {
    const why = plan.builder === 'auto' ? 'Builder=auto, and the daemon has BuildKit' : 'Builder=buildkit';
    return { builder: 'buildkit', why, session: reached.kind };
  }
  const absent = reached && `the daemon has no BuildKit: it answered ${reached.why}`;
  if (absent !== undefined) refuseWithout(plan, absent);
  return { builder: 'classic', why: absent ?? whyUntried(plan), session: undefined };
}

function refuseWithout(plan: BuildPlan, absent: string): void {
  const fields = [...(plan.builder === 'buildkit' ? ['Builder=buildkit'] : []), ...buildKitFields(plan)];
  if (fields.length === 0) return;
  const verb = fields.length > 1 ? 'need' : 'needs';
  throw new StepError('CONFIG_INVALID', 'agent-daemon', 'config', `${listed(fields)} ${verb} BuildKit, and ${absent}`, {
    hint: 'Name a daemon that has it in DockerHost (Docker Engine 20.10 and later, not Podman), or leave that out',
  });
}

function whyUntried({ builder, networkMode = '' }: BuildPlan): string {
  return builder === 'classic' ? 'Builder=classic' : `BuildKit has no network ${networkMode} (field NetworkMode)`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}
