import type { SourceFacts } from '../ports';
import type { RunTools } from '../run-tools';
import { checkPlatform as compare, findBases } from '../steps/platform';
import type { CheckedDaemon } from './daemon';
import type { Hops, Tried } from './hops';

/** The platform that is wanted against the daemon's and the base images' that are there. */
export async function checkPlatform(
  hops: Hops,
  { plan, signal }: RunTools,
  { docker, info }: CheckedDaemon,
  source: Tried<SourceFacts>,
): Promise<void> {
  await hops.try({ name: 'platform', hop: 'agent-daemon' }, async ({ report }) => {
    const [from, daemon, facts] = [info.get(), docker.get(), source.get()];
    const platform = `${from.os}/${from.arch}`;
    if (plan.build.platform === undefined) report({ type: 'platform-described', wanted: platform, daemon: platform });
    compare(plan, from, await findBases(facts, daemon, signal), report);
  });
}
