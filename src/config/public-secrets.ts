import type { EcrRegistry } from '../domain/ecr-registry';
import type { Value } from './reading';
import type { FieldKey } from './fields';
import type { Reading } from './reading';
import type { FoundSecret } from './secrets';
import type { Task } from './task';

/** Whoever may pull an image reads its tags, its labels and its repository's name. */
export function refusePublicSecrets(task: Task, secrets: readonly FoundSecret[], reading: Reading): void {
  const refuse = (key: FieldKey, value: Value, what: string): void => {
    for (const secret of secrets.filter((each) => showsSecret(value, each))) {
      reading.problem(
        key,
        `${what} would show the value of variable ${secret.name}, which is a secret, to whoever may pull the image`,
      );
    }
  };
  for (const tag of task.tags) refuse('Tags', tag.from, `tag ${reading.quote(tag.from.typed)}`);
  for (const { key, value } of task.labels) {
    refuse('Labels', key, `label ${reading.quote(key.typed)}`);
    if (value) refuse('Labels', value, `label ${reading.quote(key.text)}`);
  }
  const { repository } = task;
  if (!repository) return;
  const account = repository.value.registry;
  const others = secrets.filter((secret) => !isAccount(secret, account));
  for (const secret of others.filter((each) => showsSecret(repository.from, each))) {
    reading.problem(
      'Repository',
      `would show the value of variable ${secret.name}, which is a secret, to whoever may pull the image`,
    );
  }
  for (const { name } of secrets.filter((secret) => isAccount(secret, account))) {
    reading.notes.push(`Repository: its account id is the value of variable ${name}, which is treated as a secret`);
  }
}

/** A name only looks secret: then what was typed in the field is no secret, for the field shows it already. */
function showsSecret({ text, typed }: Value, { value, certain }: FoundSecret): boolean {
  return text.includes(value.reveal()) && (certain || !typed.includes(value.reveal()));
}

function isAccount({ value }: FoundSecret, registry: EcrRegistry | undefined): boolean {
  return registry !== undefined && value.reveal() === registry.accountId;
}
