import { parseEcrHost } from '../domain/ecr-registry';
import type { FieldKey } from './fields';
import { awsTexts, settingsTexts } from './public-aws-texts';
import {
  accountIn,
  accountOf,
  CACHE_READERS,
  LOG_READERS,
  PULLERS,
  showsAccountAlone,
  type PublicText,
} from './public-text';
import type { Reading, Value } from './reading';
import type { FoundSecret } from './secrets';
import type { Surroundings } from './surroundings';
import type { Task } from './task';

/** Refuses a secret's value in what others can read: a tag, a label, a repository, a cache, a context, an attestation. */
export function refusePublicSecrets(
  task: Task,
  secrets: readonly FoundSecret[],
  reading: Reading,
  settingsFile?: Surroundings['repositorySettingsFile'],
): void {
  const texts = [
    ...imageTexts(task, reading),
    ...buildTexts(task, reading),
    ...awsTexts(task, reading),
    ...settingsTexts(task, settingsFile),
  ];
  for (const text of texts) {
    for (const secret of secrets.filter((each) => showsSecret(text.value, each))) refuse(text, secret, reading);
  }
}

function refuse({ field, what, value, to, account }: PublicText, secret: FoundSecret, reading: Reading): void {
  const who = `the value of variable ${secret.name}, which is a secret`;
  const subject = what === '' ? '' : `${what} `;
  const isAccount = account !== undefined && showsAccountAlone(secret.value.reveal(), account, value.text);
  if (!isAccount) reading.problem(field, `${subject}would show ${who}, to ${to}`);
  else reading.notes.push(`${field}: its account id is ${who}; the ${account.shownBy} shows it`);
}

function imageTexts({ repository, tags, floatingTags, labels }: Task, reading: Reading): PublicText[] {
  const text = (field: FieldKey, what: string, value: Value): PublicText => ({ field, what, value, to: PULLERS });
  const { from, value } = repository ?? {};
  return [
    ...tags.map((tag) => text('Tags', `tag ${reading.quote(tag.from.typed)}`, tag.from)),
    ...floatingTags.map((tag) => text('FloatingTags', `tag ${reading.quote(tag.from.typed)}`, tag.from)),
    ...labels.flatMap((label) => [
      text('Labels', `label ${reading.quote(label.key.typed)}`, label.key),
      ...(label.value ? [text('Labels', `label ${reading.quote(label.key.text)}`, label.value)] : []),
    ]),
    ...(from ? [{ ...text('Repository', '', from), account: accountOf(value?.registry) }] : []),
  ];
}

/** A user's name is none of them: it goes to its registry alone, and people keep it beside the password. */
function buildTexts({ cacheFrom, cacheTo, contexts, provenance, logins }: Task, reading: Reading): PublicText[] {
  const cache = (field: FieldKey, { where, ref }: Task['cacheTo'][number]): PublicText[] => {
    if (!ref) return [];
    return [
      {
        field,
        what: `${where}, reference ${reading.quote(ref.typed)},`,
        value: ref,
        to: CACHE_READERS,
        account: accountIn(ref.text),
      },
    ];
  };
  return [
    ...cacheFrom.flatMap((line) => cache('CacheFrom', line)),
    ...cacheTo.flatMap((line) => cache('CacheTo', line)),
    ...contexts.flatMap(({ where, values }) =>
      values.map((value): PublicText => {
        const account = accountIn(value.text.replace(/^docker-image:\/\//i, ''));
        return {
          field: 'BuildContexts',
          what: `${where}, ${reading.quote(value.typed)},`,
          value,
          to: LOG_READERS,
          account,
        };
      }),
    ),
    ...(provenance?.values ?? []).map((value): PublicText => ({
      field: 'Provenance',
      what: reading.quote(value.typed),
      value,
      to: PULLERS,
    })),
    ...logins.map(({ where, host, from }): PublicText => {
      return {
        field: 'RegistryLogins',
        what: `${where}, host ${reading.quote(from.typed)},`,
        value: from,
        to: LOG_READERS,
        account: accountOf(parseEcrHost(host)),
      };
    }),
  ];
}

/** A name only looks secret: then what was typed in the field is no secret, for the field shows it already. */
function showsSecret({ text, typed }: Value, { value, certain }: FoundSecret): boolean {
  return text.includes(value.reveal()) && (certain || !typed.includes(value.reveal()));
}
