import type { RepositoryPlan } from '../domain/plan';
import type { FieldKey } from './fields';
import type { Read, Reading, Value } from './reading';
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
  for (const secret of secrets) refuseInRepository(task.repository, secret, reading);
}

function refuseInRepository(repository: Read<RepositoryPlan> | undefined, secret: FoundSecret, reading: Reading): void {
  if (!repository || !showsSecret(repository.from, secret)) return;
  const { path, registry } = repository.value;
  const isAccount = secret.value.reveal() === registry?.accountId && !path.includes(registry.accountId);
  const who = `the value of variable ${secret.name}, which is a secret`;
  if (isAccount) reading.notes.push(`Repository: its account id is ${who}; the address shows it`);
  else reading.problem('Repository', `would show ${who}, to whoever may pull the image`);
}

/** A name only looks secret: then what was typed in the field is no secret, for the field shows it already. */
function showsSecret({ text, typed }: Value, { value, certain }: FoundSecret): boolean {
  return text.includes(value.reveal()) && (certain || !typed.includes(value.reveal()));
}
