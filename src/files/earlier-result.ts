import type { Plan } from '../domain/plan';
import { openNoFollow, readAtMost } from './open-beneath';
import { runOf } from './result-json';

// Ours has a few kilobytes; more is somebody else's file.
const MAX_BYTES = 1024 * 1024;

/**
 * The repository that this very job run has already written the result file for, if it is another than the plan's. A file
 * that is missing, a link, or no result of ours is nobody's. Outside GoCD there is no telling one run from the next.
 */
export async function earlierResult(path: string, plan: Plan): Promise<string | undefined> {
  if (plan.run.pipeline === '') return undefined;
  const earlier = await readJson(path);
  const run = fieldOf(earlier, 'gocd');
  const same = Object.entries(runOf(plan.run)).every(([name, value]) => fieldOf(run, name) === value);
  const repository = fieldOf(earlier, 'repository');
  if (!same || typeof repository !== 'string') return undefined;
  const registry = fieldOf(earlier, 'registry');
  const { host } = plan.repository;
  const elsewhere = typeof registry === 'string' && host !== undefined && registry !== host;
  if (repository === plan.repository.path && !elsewhere) return undefined;
  return typeof registry === 'string' ? `${registry}/${repository}` : repository;
}

async function readJson(path: string): Promise<unknown> {
  try {
    const handle = await openNoFollow(path);
    try {
      const content = (await handle.stat()).isFile() ? await readAtMost(handle, MAX_BYTES) : undefined;
      return content && JSON.parse(content.toString('utf8'));
    } finally {
      await handle.close();
    }
  } catch {
    return undefined;
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
