import {
  ANY_ACCOUNT,
  accountIn,
  accountOf,
  accountOfRole,
  LOG_READERS,
  PULLERS,
  SETTINGS_READERS,
  type PublicText,
} from './public-text';
import type { Reading, Value } from './reading';
import type { Surroundings } from './surroundings';
import type { Task } from './task';

/** Where the image goes and who asks: shown in the log, and in AWS's own records. */
export function awsTexts(task: Task, reading: Reading): PublicText[] {
  const { source, assumeRole, externalId, targets, logins } = task;
  const roleOf = (field: 'AlsoPushTo' | 'RegistryLogins', where: string, role: Value | undefined): PublicText[] =>
    role ? [{ field, what: `${where}, role,`, value: role, to: LOG_READERS, account: accountOfRole(role.text) }] : [];
  return [
    ...(source
      ? [{ field: 'Source' as const, what: '', value: source.from, to: LOG_READERS, account: accountIn(source.value) }]
      : []),
    ...targets.flatMap(({ where, from, repository, role }): PublicText[] => [
      {
        field: 'AlsoPushTo',
        what: `${where}, ${reading.quote(from.typed)},`,
        value: from,
        to: PULLERS,
        account: accountOf(repository.registry),
      },
      ...roleOf('AlsoPushTo', where, role),
    ]),
    ...logins.flatMap(({ where, role }) => roleOf('RegistryLogins', where, role)),
    ...(assumeRole
      ? [
          {
            field: 'AssumeRole' as const,
            what: '',
            value: assumeRole.from,
            to: LOG_READERS,
            account: accountOfRole(assumeRole.value),
          },
        ]
      : []),
    ...(externalId ? [{ field: 'ExternalId' as const, what: '', value: externalId.from, to: LOG_READERS }] : []),
  ];
}

/** Field RepositorySettings, or its file. */
export function settingsTexts(
  { repositorySettings: field }: Task,
  file: Surroundings['repositorySettingsFile'],
): PublicText[] {
  const text = field?.kind === 'inline' ? field.text : file && 'text' in file ? file.text : undefined;
  if (text === undefined) return [];
  const what = field?.kind === 'file' ? `@${field.path}` : '';
  const value: Value = { typed: text, text, names: [] };
  return [{ field: 'RepositorySettings', what, value, to: SETTINGS_READERS, account: ANY_ACCOUNT }];
}
