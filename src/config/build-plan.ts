import type { BuildPlan } from '../domain/plan';
import type { Resolved } from './buildkit/resolve';
import { imageLabels, type LabelSources } from './oci-labels';
import type { Reading } from './reading';
import type { FoundSecret } from './secrets';
import type { Task } from './task';

/** Lists as maps; notes what is left out, and which build argument shows a secret. */
export function buildPlan(
  task: Task,
  reading: Reading,
  secrets: readonly FoundSecret[],
  access: Resolved,
  sources: Omit<LabelSources, 'labels' | 'ociLabels'>,
): BuildPlan {
  const args = buildArgs(task, reading, sources.job);
  noteSecretArgs(args, secrets, reading);
  const typed = new Map(task.labels.map(({ key, value }) => [key.text, value?.text ?? '']));
  const { labels, notes } = imageLabels({ ...sources, labels: typed, ociLabels: task.ociLabels }, secrets);
  reading.notes.push(...notes);
  return {
    context: task.context,
    dockerfile: task.dockerfile,
    args,
    labels,
    target: task.target,
    platform: task.platform,
    networkMode: task.networkMode,
    extraHosts: task.extraHosts,
    builder: task.builder,
    noCache: task.noCache,
    pull: task.pull,
    shmSizeBytes: task.shmSizeBytes,
    ulimits: task.ulimits,
    secrets: access.secrets,
    ssh: access.ssh,
    logins: access.logins,
    cacheFrom: task.cacheFrom.map(({ entry }) => entry),
    cacheTo: task.cacheTo.map(({ entry }) => entry),
    contexts: task.contexts.map(({ context }) => context),
    provenance: task.provenance?.attributes,
  };
}

/** `KEY` alone takes the job's variable, as with `docker build --build-arg KEY`; never the agent's. */
function buildArgs(task: Task, reading: Reading, job: ReadonlyMap<string, string>): Map<string, string> {
  const args = new Map<string, string>();
  for (const { key, value } of task.args) {
    const text = value?.text ?? job.get(key.text);
    if (text !== undefined) args.set(key.text, text);
    else reading.notes.push(`BuildArgs: ${key.text} is left out, because the job has no variable of that name`);
  }
  return args;
}

function noteSecretArgs(args: ReadonlyMap<string, string>, secrets: readonly FoundSecret[], reading: Reading): void {
  for (const [name, text] of args) {
    for (const secret of secrets.filter(({ value }) => text.includes(value.reveal()))) {
      reading.notes.push(
        `BuildArgs: ${name} holds the value of variable ${secret.name}, which is a secret: it ends up in the image's history; the field Secrets hands it to a step without that`,
      );
    }
  }
}
