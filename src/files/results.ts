import { lstat } from 'node:fs/promises';
import { StepError } from '../domain/errors';
import { repositoryName } from '../domain/image-ref';
import type { Outcome } from '../domain/outcome';
import type { Plan } from '../domain/plan';
import type { ResultFiles, RunTimes } from '../pipeline/ports';
import { earlierResult } from './earlier-result';
import { outputNames, outputPath, type OutputNames, removeOutput, writeOutput } from './output';
import { isOwnLog } from './raw-log';
import { failureOf, resultOf, variablesOf } from './result-json';

export interface ResultFilesOptions {
  /** Of the plugin. */
  readonly version: string;
  /** Masks secrets; every text that goes into a file goes through it. */
  redact(text: string): string;
}

/** The files that a run leaves in the job's folder: safe creation, removal, and nobody else's result overwritten. */
export function createResultFiles(options: ResultFilesOptions): ResultFiles {
  return { begin: (plan) => begin(plan), finish: (plan, outcome, times) => finish(options, plan, outcome, times) };
}

async function begin(plan: Plan): Promise<void> {
  const { jobFolder, resultFile } = plan.files;
  const names = outputNames(resultFile);
  const paths = [names.result, names.env, names.failed, names.log].map((name) => outputPath(jobFolder, name));
  const [result = '', env = '', failed = '', log = ''] = await Promise.all(paths);
  const other = await earlierResult(result, plan);
  if (other !== undefined) throw alreadyWritten(resultFile, other, plan);
  const logIsOwn = await isOwnLogAt(log);
  await Promise.all([result, env, failed, ...(logIsOwn ? [] : [log])].map(removeOutput));
}

async function finish(
  { version, redact }: ResultFilesOptions,
  plan: Plan,
  outcome: Outcome,
  times: RunTimes,
): Promise<readonly string[]> {
  const { jobFolder, resultFile } = plan.files;
  const names = outputNames(resultFile);
  const written = await Promise.allSettled(
    textsOf(version, plan, outcome, times, redact).map(async ([name, text]) => {
      await writeOutput(await outputPath(jobFolder, names[name]), text);
      return names[name];
    }),
  );
  const files = written.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
  return (await isOwnLogAt(await outputPath(jobFolder, names.log))) ? [...files, names.log] : files;
}

/** What the outcome calls for, by file. */
function textsOf(
  version: string,
  plan: Plan,
  outcome: Outcome,
  times: RunTimes,
  redact: (text: string) => string,
): readonly (readonly [keyof OutputNames, string])[] {
  switch (outcome.kind) {
    case 'pushed':
    case 'built':
      return [
        ['result', masked(resultOf(version, plan, outcome, times), redact)],
        ['env', redact(variablesOf(plan, outcome))],
      ];
    case 'checked':
      return [];
    case 'cancelled':
    case 'timed-out':
    case 'failed':
      return [['failed', masked(failureOf(version, plan, outcome, times), redact)]];
  }
}

async function isOwnLogAt(path: string): Promise<boolean> {
  return lstat(path).then(isOwnLog, () => false);
}

/** JSON whose every text is masked before it is escaped: a secret with a quote or a newline in it is still found. */
function masked(content: object, redact: (text: string) => string): string {
  const mask = (_key: string, value: unknown): unknown => (typeof value === 'string' ? redact(value) : value);
  return `${JSON.stringify(content, mask, 2)}\n`;
}

function alreadyWritten(resultFile: string, other: string, plan: Plan): StepError {
  const { host, path } = plan.repository;
  // The host is said only where it is what differs.
  const ours = host !== undefined && other.endsWith(`/${path}`) ? repositoryName({ host, path }) : path;
  const message = `${resultFile} was already written by this job for ${other}; this task builds ${ours}`;
  return new StepError('RESULT_FILE', 'none', 'config', message, {
    hint: 'Give each task of the job its own field ResultFile',
  });
}
