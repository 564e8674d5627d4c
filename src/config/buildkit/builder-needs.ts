import type { Problem } from '../../domain/errors';
import type { FieldKey } from '../fields';
import type { Task } from '../task';

/** What only one of the two builders can do, where Builder or another field asks for the other one. */
export function builderContradictions(task: Task): Problem[] {
  const needed = buildKitFields(task);
  if (task.builder === 'classic') {
    return needed.map((field) => problem(field, 'needs BuildKit, and Builder is classic'));
  }
  const { networkMode } = task;
  const [reason] = task.builder === 'buildkit' ? ['Builder is buildkit'] : needed.map((field) => `${field} needs it`);
  if (networkMode === undefined || reason === undefined || BUILDKIT_NETWORKS.has(networkMode)) return [];
  return [
    problem(
      'NetworkMode',
      `${networkMode} is a network that BuildKit cannot use (it has default, none and host), and ${reason}`,
    ),
  ];
}

// moby's daemon/internal/builder-next/builder.go: every other one is an error.
const BUILDKIT_NETWORKS: ReadonlySet<string> = new Set(['default', 'none', 'host']);

/** The fields in use that the classic builder has not. */
function buildKitFields(task: Task): FieldKey[] {
  const used: readonly (readonly [FieldKey, boolean])[] = [
    ['NoCache', task.noCache !== 'all' && task.noCache.length > 0],
    ['Secrets', task.secrets.length > 0],
    ['Ssh', task.ssh.length > 0],
    ['BuildContexts', task.contexts.length > 0],
    ['Provenance', task.provenance !== undefined],
    ['CacheTo', task.cacheTo.length > 0],
  ];
  return used.filter(([, isUsed]) => isUsed).map(([field]) => field);
}

function problem(field: FieldKey, message: string): Problem {
  return { field, message };
}
