import { ConfigError, StepError, type Problem } from '../domain/errors';
import { describeOrigin, type Origin } from '../domain/origin';
import type { FieldSet, FilesPlan, Plan } from '../domain/plan';
import { notAllowed } from './allowed';
import { planAws } from './aws';
import { buildPlan } from './build-plan';
import { resolveAccess } from './buildkit/resolve';
import { planCreation } from './creation';
import { daemonTarget, type DaemonDecision } from './daemon-target';
import { defaultsNotes, inEffect, type FieldsInEffect } from './defaults';
import { FIELDS, type FieldKey } from './fields';
import type { Finding } from './finding';
import { isList, itemsOf } from './items';
import { quoteWithout, redact } from './quote';
import { labelOf, readFields, type FieldsRead } from './read-fields';
import type { Reading } from './reading';
import { roleMaker } from './role';
import { fieldsHash, runIdentity } from './run-identity';
import { secretsOf } from './secrets';
import { emptySettings, mergeServerProperties, secretsIn, type Settings } from './settings';
import type { Surroundings } from './surroundings';
import { planTargets, strangeRegistries } from './targets';
import type { Task } from './task';
import { PEM_FIELDS } from './pem-fields';
import { jobPem } from './tls-fields';

export type { Surroundings } from './surroundings';

/** Everything into a plan, or a ConfigError with all the problems at once. Pure. */
export function makePlan(surroundings: Surroundings): Plan {
  const { jobVariables: job, agentEnvironment: agent, jobFolder } = surroundings;
  const settings = mergedSettings(surroundings);
  const known = knownSettings(surroundings);
  const effect = inEffect(surroundings.fields, known.defaults);
  const secrets = secretsOf({ ...surroundings, fields: effect.fields });
  const shownNever = [...secrets, ...secretsIn(known)];
  const hidden = shownNever.map(({ value }) => value.reveal());
  const read = readFields(surroundings, effect, known.defaults, secrets, quoteWithout(hidden));
  const { task, reading, problems, inTurn } = read;
  const daemon = decideDaemon(surroundings, settings, read);
  const originOf = (name: FieldKey): Origin => effect.origins.get(name) ?? { kind: 'field', name };
  const makeRole = roleMaker(task.externalId?.value, job, originOf);
  const aws = planAws({ task, job, agent, makeRole, defaults: inTurn });
  const access = resolveAccess(task, { job, agent }, makeRole);
  const creation = planCreation(task, surroundings.repositorySettingsFile, known, reading.quote);
  const findings = [
    ...problems,
    ...access.problems,
    ...forbiddenNetwork(task, known),
    ...daemon.problems,
    ...aws.problems,
    ...strangeRegistries(task, aws.plan),
    ...creation.problems,
    ...notAllowed(task, daemon, known),
  ];
  if (findings.length > 0 || !task.repository || !daemon.target) throw failure(findings, hidden, effect);
  const built = withPlatform(task, daemon);
  const run = runIdentity(
    job,
    built,
    fieldsHash(reading, task.platform === undefined ? built.platform : undefined),
    surroundings.settings.reuseKey,
  );
  const build = buildPlan(built, reading, secrets, access, { run, job });
  const cleanup = cleanupOf(task, reading);
  const notes = [...defaultsNotes(effect), ...reading.notes, ...access.notes, ...daemon.notes, ...aws.notes];
  return {
    mode: task.mode,
    repository: task.repository.value,
    alsoPushTo: planTargets(task, aws.plan, makeRole),
    allowedRegistries: known.allowedRegistries,
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
    fieldsSet: fieldsSet(surroundings.fields),
    notes: notes.map((note) => redact(note, hidden)),
    secrets: shownNever.map(({ name, value }) => ({ name, value })),
  };
}

/** The platform that the agent gives a daemon of its settings counts where the task names none. */
function withPlatform(task: Task, { named }: DaemonDecision): Task {
  return { ...task, platform: task.platform ?? named?.platform?.value };
}

/** Where a field of the daemon or a setting is wrong already, a second problem with it would only mislead. */
function decideDaemon(
  { jobVariables: job, agentEnvironment: agent, dockerContext: context }: Surroundings,
  settings: MergedSettings,
  { task, reading: { quote }, daemon: defaults, problems }: FieldsRead,
): DaemonDecision {
  if ('problems' in settings) return { target: undefined, problems: settings.problems, notes: [] };
  const isWrong = problems.some(({ field }) => DAEMON_FIELDS.some((one) => field.startsWith(one)));
  if (isWrong) return { target: undefined, problems: [], notes: [] };
  const { pem, problems: ofPem } = jobPem(task, { job, agent });
  if (ofPem.length > 0) return { target: undefined, problems: ofPem, notes: [] };
  return daemonTarget({ task, job, agent, settings, quote, pem, defaults, context });
}

const DAEMON_FIELDS: readonly string[] = ['DockerHost', 'TlsVerify', 'CertPath', ...PEM_FIELDS];

/** Both levels; none where one of them is wrong, which is then told. */
export function knownSettings(surroundings: Pick<Surroundings, 'settings' | 'serverProperties'>): Settings {
  const settings = mergedSettings(surroundings);
  return 'problems' in settings ? emptySettings : settings;
}

type MergedSettings = Settings | { readonly problems: readonly Problem[] };

function mergedSettings({
  settings,
  serverProperties,
}: Pick<Surroundings, 'settings' | 'serverProperties'>): MergedSettings {
  try {
    return mergeServerProperties(settings, serverProperties);
  } catch (error) {
    if (error instanceof ConfigError) return { problems: error.problems };
    throw error;
  }
}

/** A step in the network of the daemon's machine reaches what listens there for nobody else. */
function forbiddenNetwork({ networkMode }: Task, { noHostNetwork }: Settings): Problem[] {
  if (networkMode !== 'host' || !noHostNetwork) return [];
  const message = `host is not allowed on this agent: ${describeOrigin(noHostNetwork)} is false`;
  return [{ field: 'NetworkMode', message }];
}

function failure(findings: readonly Finding[], hidden: readonly string[], { origins }: FieldsInEffect): StepError {
  const [first, second] = findings;
  if (first?.exposed && !second) {
    const { message, hint } = first.exposed;
    return new StepError('DAEMON_PLAINTEXT', 'agent-daemon', 'config', redact(message, hidden), {
      hint: redact(hint, hidden),
    });
  }
  return new ConfigError(
    findings.map(({ field, message }) => ({
      field: redact(labelOf(field, origins.get(field)), hidden),
      message: redact(message, hidden),
    })),
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
