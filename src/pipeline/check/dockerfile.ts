import type { SourceFacts } from '../ports';
import type { RunTools } from '../run-tools';
import type { Hops, Tried } from './hops';

/** The job's own files: Dockerfile, ignore file, files of secrets. */
export function checkDockerfile(hops: Hops, { plan, ports, signal }: RunTools): Promise<Tried<SourceFacts>> {
  return hops.try({ name: 'dockerfile', hop: 'none' }, async ({ facts }) => {
    const source = await ports.sources.inspect(plan.build, plan.files.jobFolder, signal);
    facts.push(plan.build.dockerfile);
    const bases = [...new Set(source.bases.map(({ ref }) => ref))];
    if (bases.length > 0) facts.push(`reads ${bases.join(', ')}`);
    return source;
  });
}
