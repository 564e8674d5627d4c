import { createHash } from 'node:crypto';
import type { RunIdentity } from '../domain/plan';
import type { Secret } from '../domain/secret';
import type { Reading } from './reading';
import type { Task } from './task';

/** Which run this is, by GoCD's variables. */
export function runIdentity(
  job: ReadonlyMap<string, string>,
  task: Task,
  fields: string,
  reuseKey: Secret | undefined,
): RunIdentity {
  const get = (name: string): string => job.get(name) ?? '';
  const run = {
    server: get('GO_SERVER_URL'),
    pipeline: get('GO_PIPELINE_NAME'),
    counter: get('GO_PIPELINE_COUNTER'),
    label: get('GO_PIPELINE_LABEL'),
    stage: get('GO_STAGE_NAME'),
    stageCounter: get('GO_STAGE_COUNTER'),
    job: get('GO_JOB_NAME'),
  };
  const revisions = [...job].filter(([name]) => /^GO_REVISION(?:_|$)/.test(name)).sort(byName);
  const revision = revisions.map(([name, value]) => `${name}=${value}`).join(' ');
  return {
    ...run,
    revisions: new Map(revisions),
    // An image of field Source was not made of these fields: what it is decides whose it is, no label.
    mark: { pipeline: run.pipeline, counter: run.counter, revision, fields: task.source ? '' : fields },
    repository: repositoryText(task),
    reuseKey,
    taskKey: taskKey(run.pipeline, run.stage, run.job, task),
  };
}

function repositoryText({ repository }: Task): string {
  const { host, path = '' } = repository?.value ?? {};
  return host === undefined ? path : `${host}/${path}`;
}

function byName([one]: readonly [string, string], [other]: readonly [string, string]): number {
  return one < other ? -1 : 1;
}

/** What stays the same from run to run and tells one task of a job from another. */
function taskKey(pipeline: string, stage: string, job: string, task: Task): string {
  const repository = task.repository?.from.text ?? '';
  return sha256([pipeline, stage, job, repository, task.dockerfile, task.target ?? '', task.platform ?? '']).slice(
    0,
    16,
  );
}

// What decides what is pushed: what the steps are given (a secret may be a configuration file), and the attestation beside
// the image. Not among them is what says how fresh an image is (NoCache, Pull, CacheFrom, CacheTo), who makes it (Builder),
// with what leave (Ssh, RegistryLogins) and in what room (ShmSize, Ulimits): it makes a build fail, not another image.
const CONTENT = [
  'Context',
  'Dockerfile',
  'BuildArgs',
  'Labels',
  'OciLabels',
  'Target',
  'Platform',
  'NetworkMode',
  'ExtraHosts',
  'Secrets',
  'BuildContexts',
  'Provenance',
] as const;

/**
 * Over the fields as they are typed, so that no secret is in it; a variable's value is told by the revisions. Blank ones
 * are left out: a version with one field more must know the images of the version before. `platform`: of the daemon that
 * builds, where that decides.
 */
export function fieldsHash(reading: Reading, platform?: string): string {
  const textOf = (key: (typeof CONTENT)[number]): string =>
    key === 'Platform' && platform !== undefined ? platform : reading.typed(key);
  const typed = CONTENT.map((key) => [key, textOf(key).replaceAll('\r\n', '\n')]);
  return sha256(typed.filter(([, text]) => text !== ''));
}

/** As JSON, so that no two lists of texts run into each other. */
function sha256(texts: unknown): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex');
}
