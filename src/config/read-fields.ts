import type { Problem } from '../domain/errors';
import type { Origin } from '../domain/origin';
import type { DaemonDefaults } from './daemon-sources';
import { readDefault, readInTurn, type Defaults, type DefaultsInTurn, type FieldsInEffect } from './defaults';
import { parseDockerHost } from './docker-host';
import { variablesOf } from './expand';
import type { FieldKey } from './fields';
import { parseSwitch } from './grammar';
import { parsePath } from './path-text';
import { refusePublicSecrets } from './public-secrets';
import type { Quote } from './quote';
import { readTask } from './read-task';
import { Reading } from './reading';
import type { FoundSecret } from './secrets';
import type { Surroundings } from './surroundings';
import type { Task } from './task';
import { schemaProblems } from './validate';

export interface FieldsRead {
  readonly task: Task;
  readonly reading: Reading;
  /** Of AWS and of the daemon: what stands behind variables and hosts. */
  readonly inTurn: DefaultsInTurn;
  readonly daemon: DaemonDefaults;
  readonly problems: readonly Problem[];
}

/** The fields alone: by the schema, then by their grammar with everything expanded. */
export function readFields(
  surroundings: Surroundings,
  { fields }: FieldsInEffect,
  defaults: Defaults,
  secrets: readonly FoundSecret[],
  quote: Quote,
): FieldsRead {
  const { jobVariables, agentEnvironment } = surroundings;
  const schema = schemaProblems(fields, quote);
  const skip = new Set(schema.map(({ field }) => field));
  const options = { variables: variablesOf(jobVariables, agentEnvironment), quote };
  const reading = new Reading(fields, { ...options, skip });
  const task = readTask(reading);
  refusePublicSecrets(task, secrets, reading, surroundings.repositorySettingsFile);
  requireRepository(task, reading, schema);
  const ofDefaults: Problem[] = [];
  const tell = (key: FieldKey, origin: Origin, message: string): void =>
    void ofDefaults.push({ field: labelOf(key, origin), message });
  const inTurn = readInTurn(fields, defaults, options, tell);
  const daemon = {
    dockerHost: readDefault('DockerHost', fields, defaults, options, parseDockerHost, tell),
    tlsVerify: readDefault('TlsVerify', fields, defaults, options, parseSwitch, tell),
    certPath: readDefault('CertPath', fields, defaults, options, parsePath, tell),
  };
  return { task, reading, inTurn, daemon, problems: [...schema, ...reading.problems, ...ofDefaults] };
}

/** How a problem names a field whose text is a default: whoever reads it has to find that. */
export function labelOf(field: string, origin: Origin | undefined): string {
  if (origin === undefined || !('name' in origin)) return field;
  const where =
    origin.kind === 'server-property' ? `server property gocd.ecr.${origin.name}` : `agent settings ${origin.name}`;
  return `${field} (${where})`;
}

/** The schema asks for a text; what an expansion leaves of it is seen only here. */
function requireRepository(task: Task, reading: Reading, schema: readonly Problem[]): void {
  const isTold = [...schema, ...reading.problems].some(({ field }) => field === 'Repository');
  if (task.repository || isTold) return;
  reading.problem('Repository', `is required, and ${reading.quote(reading.typed('Repository'))} is empty`);
}
