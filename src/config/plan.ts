import { ConfigError, StepError, type Problem } from '../domain/errors';
import { describeOrigin } from '../domain/origin';
import type { FieldSet, FilesPlan, NamedSecret, Plan } from '../domain/plan';
import { planAws } from './aws';
import { buildPlan } from './build-plan';
import { resolveAccess } from './buildkit/resolve';
import { daemonTarget, type DaemonDecision } from './daemon-target';
import { planCreation, type CreationDecision } from './creation';
import { variablesOf } from './expand';
import { FIELDS } from './fields';
import type { Finding } from './finding';
import { isList, itemsOf } from './items';
import { refusePublicSecrets } from './public-secrets';
import { quoteWithout, redact, type Quote } from './quote';
import { readTask } from './read-task';
import { Reading } from './reading';
import { roleMaker } from './role';
import { fieldsHash, runIdentity } from './run-identity';
import { secretsOf, type FoundSecret } from './secrets';
import { mergeServerProperties, type Settings } from './settings';
import { REUSE_KEY } from './settings-keys';
import type { Surroundings } from './surroundings';
import { planTargets, strangeRegistries } from './targets';
import type { Task } from './task';
import { schemaProblems } from './validate';

export type { Surroundings } from './surroundings';

/** Everything into a plan, or a ConfigError with all the problems at once. Pure. */
export function makePlan(surroundings: Surroundings): Plan {
  const { fields, jobVariables: job, agentEnvironment: agent, jobFolder } = surroundings;
  const secrets = secretsOf(surroundings);
  const shownNever = [...secrets, ...ownKey(surroundings)];
  const hidden = shownNever.map(({ value }) => value.reveal());
  const { task, reading, problems } = readFields(surroundings, secrets, quoteWithout(hidden));
  const settings = mergedSettings(surroundings);
  const daemon = decideDaemon(surroundings, settings, task, reading, problems);
  const makeRole = roleMaker(task.externalId?.value, job);
  const aws = planAws({ task, job, agent, makeRole });
  const access = resolveAccess(task, { job, agent }, makeRole);
  const creation = decideCreation(surroundings, settings, task, reading);
  const findings = [
    ...problems,
    ...access.problems,
    ...forbiddenNetwork(task, settings),
    ...daemon.problems,
    ...aws.problems,
    ...strangeRegistries(task, aws.plan),
    ...creation.problems,
  ];
  if (findings.length > 0 || !task.repository || !daemon.target) throw failure(findings, hidden);
  const run = runIdentity(job, task, fieldsHash(reading), surroundings.settings.reuseKey);
  const build = buildPlan(task, reading, secrets, access, { run, job });
  const cleanup = cleanupOf(task, reading);
  return {
    mode: task.mode,
    repository: task.repository.value,
    alsoPushTo: planTargets(task, aws.plan, makeRole),
    tags: task.tags.map(({ value }) => value),
    floatingTags: task.floatingTags.map(({ value }) => value),
    existingTag: task.existingTag,
    creation: creation.plan,
    source: task.source?.value,
    build,
    daemon: daemon.target,
    aws: aws.plan,
    cleanup,
    timeoutMs: task.timeoutMinutes === undefined ? undefined : task.timeoutMinutes * 60_000,
    files: filesOf(jobFolder, task.resultFile),
    run,
    fieldsSet: fieldsSet(fields),
    notes: [...reading.notes, ...access.notes, ...daemon.notes, ...aws.notes].map((note) => redact(note, hidden)),
    secrets: shownNever.map(({ name, value }) => ({ name, value })),
  };
}

/** It is in no field and no variable, and must not be shown either. */
function ownKey({ settings: { reuseKey } }: Surroundings): NamedSecret[] {
  return reuseKey ? [{ name: REUSE_KEY, value: reuseKey }] : [];
}

interface FieldsRead {
  readonly task: Task;
  readonly reading: Reading;
  readonly problems: readonly Problem[];
}

/** The fields alone: by the schema, then by their grammar with everything expanded. */
function readFields(surroundings: Surroundings, secrets: readonly FoundSecret[], quote: Quote): FieldsRead {
  const { fields, jobVariables, agentEnvironment } = surroundings;
  const schema = schemaProblems(fields, quote);
  const skip = new Set(schema.map(({ field }) => field));
  const reading = new Reading(fields, { variables: variablesOf(jobVariables, agentEnvironment), quote, skip });
  const task = readTask(reading);
  refusePublicSecrets(task, secrets, reading, surroundings.repositorySettingsFile);
  requireRepository(task, reading, schema);
  return { task, reading, problems: [...schema, ...reading.problems] };
}

/** The schema asks for a text; what an expansion leaves of it is seen only here. */
function requireRepository(task: Task, reading: Reading, schema: readonly Problem[]): void {
  const isTold = [...schema, ...reading.problems].some(({ field }) => field === 'Repository');
  if (task.repository || isTold) return;
  reading.problem('Repository', `is required, and ${reading.quote(reading.typed('Repository'))} is empty`);
}

/** Where a field of the daemon or a setting is wrong already, a second problem with it would only mislead. */
function decideDaemon(
  { jobVariables: job, agentEnvironment: agent }: Surroundings,
  merged: MergedSettings,
  task: Task,
  { quote }: Reading,
  problems: readonly Problem[],
): DaemonDecision {
  if ('problems' in merged) return { target: undefined, problems: merged.problems, notes: [] };
  const isWrong = problems.some(({ field }) => ['DockerHost', 'TlsVerify', 'CertPath'].includes(field));
  if (isWrong) return { target: undefined, problems: [], notes: [] };
  return daemonTarget({ task, job, agent, settings: merged, quote });
}

function decideCreation(
  { repositorySettingsFile }: Surroundings,
  settings: MergedSettings,
  task: Task,
  { quote }: Reading,
): CreationDecision {
  return planCreation(task, repositorySettingsFile, 'problems' in settings ? undefined : settings, quote);
}

type MergedSettings = Settings | { readonly problems: readonly Problem[] };

function mergedSettings({ settings, serverProperties }: Surroundings): MergedSettings {
  try {
    return mergeServerProperties(settings, serverProperties);
  } catch (error) {
    if (error instanceof ConfigError) return { problems: error.problems };
    throw error;
  }
}

/** A step in the network of the daemon's machine reaches what listens there for nobody else. */
function forbiddenNetwork({ networkMode }: Task, settings: MergedSettings): Problem[] {
  if (networkMode !== 'host' || 'problems' in settings || !settings.noHostNetwork) return [];
  const message = `host is not allowed on this agent: ${describeOrigin(settings.noHostNetwork)} is false`;
  return [{ field: 'NetworkMode', message }];
}

function failure(findings: readonly Finding[], hidden: readonly string[]): StepError {
  const [first, second] = findings;
  if (first?.exposed && !second) {
    const { message, hint } = first.exposed;
    return new StepError('DAEMON_PLAINTEXT', 'agent-daemon', 'config', redact(message, hidden), {
      hint: redact(hint, hidden),
    });
  }
  return new ConfigError(
    findings.map(({ field, message }) => ({ field: redact(field, hidden), message: redact(message, hidden) })),
  );
}

function cleanupOf(task: Task, reading: Reading): Plan['cleanup'] {
  if (task.mode !== 'build') return task.cleanup;
  if (reading.typed('Cleanup') !== '' && task.cleanup === 'own') {
    reading.notes.push('Cleanup: own is not used, because Mode build leaves the image under its tags');
  }
  return 'keep';
}

function filesOf(jobFolder: string, resultFile: string): FilesPlan {
  const stem = resultFile.replace(/\.json$/, '');
  const outputs = ['.json', '.env', '.log', '.failed.json'].map((end) => stem + end);
  return { jobFolder, resultFile, outputs };
}

function fieldsSet(fields: ReadonlyMap<string, string>): FieldSet[] {
  return FIELDS.flatMap(({ key, kind }): FieldSet[] => {
    const items = itemsOf(kind, fields.get(key) ?? '').length;
    if (items === 0) return [];
    return [isList(kind) ? { name: key, items } : { name: key }];
  });
}
