import type { FieldKey } from './fields';
import { FIELDS } from './fields';
import type { Reading } from './reading';
import type { Task } from './task';

/** Fields that mean nothing without another one, or beside it. */
export function tellNeeds(task: Task, reading: Reading): void {
  needRole(task, reading);
  needPlace(task, reading);
  if (task.source === undefined) return;
  const idle = IDLE_WITH_SOURCE.filter((key) => reading.isSet(key));
  if (idle.length > 0) {
    const them = idle.length === 1 ? 'it' : 'them';
    reading.problem(
      'Source',
      `pushes an image that exists, so ${listed(idle)} would do nothing: remove ${them}, or Source`,
    );
  }
  if (task.mode === 'build') {
    reading.problem('Source', 'names an image that exists, and Mode build pushes nothing: remove one of them');
  }
}

// What says how an image is built, and from what.
const IDLE_WITH_SOURCE: readonly FieldKey[] = FIELDS.filter(
  ({ key, group }) =>
    ['build', 'buildkit', 'registries'].includes(group) || ['Context', 'Dockerfile', 'BuildArgs'].includes(key),
).map(({ key }) => key);

function listed(keys: readonly string[]): string {
  return keys.length === 1 ? keys.join('') : `${keys.slice(0, -1).join(', ')} and ${keys.at(-1) ?? ''}`;
}

function needRole(task: Task, reading: Reading): void {
  if (task.externalId === undefined) return;
  const roles = [task.assumeRole, ...[...task.targets, ...task.logins].map(({ role }) => role)];
  const isOpen = ROLES.some((key) => reading.isOpen(key));
  if (isOpen || roles.some((role) => role !== undefined)) return;
  reading.problem('ExternalId', 'is sent with a role, and no role is named: set AssumeRole, or remove it');
}

const ROLES: readonly FieldKey[] = ['AssumeRole', 'AlsoPushTo', 'RegistryLogins'];

/** A repository that is made by mistake in another account or region would not be found for long. */
function needPlace({ createRepository, repository, region, registryId }: Task, reading: Reading): void {
  if (createRepository !== 'if-missing' || !repository || repository.value.host !== undefined) return;
  const isMissing = (key: FieldKey, value: string | undefined): boolean => value === undefined && !reading.isOpen(key);
  if (!isMissing('Region', region) && !isMissing('RegistryId', registryId)) return;
  reading.problem(
    'CreateRepository',
    'if-missing needs to know where: write the host in Repository, or set Region and RegistryId',
  );
}
