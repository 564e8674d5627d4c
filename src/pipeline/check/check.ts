import { StepError } from '../../domain/errors';
import type { Outcome } from '../../domain/outcome';
import type { RunTools } from '../run-tools';
import { checkContext } from './context';
import { checkDaemon, checkMaker } from './daemon';
import { checkDockerfile } from './dockerfile';
import { Hops } from './hops';
import { checkLogin, checkRegistryLogins } from './logins';
import { checkPlatform } from './platform';
import { checkTags } from './tags';
import { checkTarget, type CheckedTarget } from './target';

/**
 * Mode=check: every hop in turn, and none left out for another one's failure but those that need it. It makes nothing,
 * nowhere.
 */
export async function check(tools: RunTools): Promise<Outcome> {
  const { plan, ports, report, signal, ledger } = tools;
  const hops = new Hops(ports.clock, report, signal);
  const source = plan.source === undefined ? await checkDockerfile(hops, tools) : undefined;
  const targets: CheckedTarget[] = [];
  for (const record of ledger.targets) {
    const target = await checkTarget(hops, tools, record);
    if (source !== undefined) await checkTags(hops, tools, target, undefined);
    targets.push(target);
  }
  const daemon = await checkDaemon(hops, tools);
  const maker = await checkMaker(hops, tools, daemon);
  if (source !== undefined) await checkPlatform(hops, tools, daemon, source);
  else for (const target of targets) await checkTags(hops, tools, target, maker);
  for (const target of targets) await checkLogin(hops, tools, daemon, target);
  if (source !== undefined) {
    await checkRegistryLogins(hops, tools, daemon);
    await checkContext(hops, tools);
  }
  if (hops.failed.length > 0) throw failureOf(hops.failed);
  return { kind: 'checked' };
}

/** The first is what the others may come from. */
function failureOf([first, ...more]: Hops['failed']): StepError {
  if (first === undefined || more.length === 0) return first?.error as StepError;
  const { code, hop, blame, message, hint, words } = first.error;
  const others = more.map(({ name }) => name).join(', ');
  const text = `${message} (and ${more.length === 1 ? '1 more hop' : `${more.length} more hops`} failed: ${others})`;
  return new StepError(code, hop, blame, text, {
    ...(hint !== undefined && { hint }),
    ...(words !== undefined && { words }),
    cause: first.error,
  });
}
