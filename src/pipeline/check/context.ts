import type { RunTools } from '../run-tools';
import type { Hops } from './hops';

/** What the build would send, by names and sizes. */
export async function checkContext(hops: Hops, { plan, ports, signal }: RunTools): Promise<void> {
  await hops.try({ name: 'context', hop: 'none' }, async ({ facts, report }) => {
    const { jobFolder, outputs } = plan.files;
    const measured = await ports.sources.measure(plan.build, jobFolder, outputs, signal);
    report({ type: 'context-sent', report: measured });
    if (measured.files > 0) facts.push(`folder ${plan.build.context}`);
  });
}
