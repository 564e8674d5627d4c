import { parseEcrHost, type EcrRegistry } from '../domain/ecr-registry';
import { parseImage } from './image-text';
import type { FieldKey } from './fields';
import type { Reading, Value } from './reading';
import type { FoundSecret } from './secrets';
import type { Task } from './task';

/** One text that others can read: what it is in its field, and who they are. */
interface PublicText {
  readonly field: FieldKey;
  /** Behind the field's name; `''` where the field is this text alone. */
  readonly what: string;
  readonly value: Value;
  readonly to: string;
  /** The registry that the text names: its account id may be anything's value. */
  readonly registry?: EcrRegistry | undefined;
}

const PULLERS = 'whoever may pull the image';
const CACHE_READERS = 'whoever may read that registry';
const LOG_READERS = 'whoever reads the log';

/** Refuses a secret's value in what others can read: a tag, a label, a repository, a cache, a context, an attestation. */
export function refusePublicSecrets(task: Task, secrets: readonly FoundSecret[], reading: Reading): void {
  for (const text of [...imageTexts(task, reading), ...buildTexts(task, reading)]) {
    for (const secret of secrets.filter((each) => showsSecret(text.value, each))) refuse(text, secret, reading);
  }
}

function refuse({ field, what, value, to, registry }: PublicText, secret: FoundSecret, reading: Reading): void {
  const who = `the value of variable ${secret.name}, which is a secret`;
  const subject = what === '' ? '' : `${what} `;
  const isAccount = secret.value.reveal() === registry?.accountId && onlyInHost(value.text, registry);
  if (!isAccount) reading.problem(field, `${subject}would show ${who}, to ${to}`);
  else reading.notes.push(`${field}: its account id is ${who}; the address shows it`);
}

function onlyInHost(text: string, { host, accountId }: EcrRegistry): boolean {
  const at = text.toLowerCase().indexOf(host);
  return at >= 0 && !`${text.slice(0, at)}\n${text.slice(at + host.length)}`.includes(accountId);
}

function imageTexts({ repository, tags, labels }: Task, reading: Reading): PublicText[] {
  const text = (field: FieldKey, what: string, value: Value): PublicText => ({ field, what, value, to: PULLERS });
  const { from, value } = repository ?? {};
  return [
    ...tags.map((tag) => text('Tags', `tag ${reading.quote(tag.from.typed)}`, tag.from)),
    ...labels.flatMap((label) => [
      text('Labels', `label ${reading.quote(label.key.typed)}`, label.key),
      ...(label.value ? [text('Labels', `label ${reading.quote(label.key.text)}`, label.value)] : []),
    ]),
    ...(from ? [{ ...text('Repository', '', from), registry: value?.registry }] : []),
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
        registry: registryOf(ref.text),
      },
    ];
  };
  return [
    ...cacheFrom.flatMap((line) => cache('CacheFrom', line)),
    ...cacheTo.flatMap((line) => cache('CacheTo', line)),
    ...contexts.flatMap(({ where, values }) =>
      values.map((value): PublicText => {
        const registry = registryOf(value.text.replace(/^docker-image:\/\//i, ''));
        return {
          field: 'BuildContexts',
          what: `${where}, ${reading.quote(value.typed)},`,
          value,
          to: LOG_READERS,
          registry,
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
      const registry = parseEcrHost(host);
      return {
        field: 'RegistryLogins',
        what: `${where}, host ${reading.quote(from.typed)},`,
        value: from,
        to: LOG_READERS,
        registry,
      };
    }),
  ];
}

function registryOf(reference: string): EcrRegistry | undefined {
  return parseEcrHost(parseImage(reference)?.host ?? '');
}

/** A name only looks secret: then what was typed in the field is no secret, for the field shows it already. */
function showsSecret({ text, typed }: Value, { value, certain }: FoundSecret): boolean {
  return text.includes(value.reveal()) && (certain || !typed.includes(value.reveal()));
}
