import type { Problem } from '../../domain/errors';
import { MOST_SECRET_BYTES, type BuildSecret, type RegistryAccess, type SshAgent } from '../../domain/plan';
import { Secret } from '../../domain/secret';
import { Fault } from '../fault';
import type { FieldKey } from '../fields';
import type { MakeRole } from '../role';
import { LEAST } from '../secrets';
import type { Task } from '../task';
import { jobVariable } from './job-variable';
import type { LoginLine } from './login-lines';
import { normalHost } from '../../domain/registry-host';
import type { SecretLine } from './secret-lines';
import { agentOf } from './ssh-agent';
import type { VariableSources } from './variable-sources';

/** What Secrets, Ssh and RegistryLogins name, found. */
export interface Resolved {
  readonly secrets: readonly BuildSecret[];
  readonly ssh: readonly SshAgent[];
  readonly logins: readonly RegistryAccess[];
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
}

/** Looks up the variables that lines name: what is missing is a problem before the build. */
export function resolveAccess(task: Task, sources: VariableSources, makeRole: MakeRole): Resolved {
  const problems: Problem[] = [];
  const notes: string[] = [];
  const found = <T>(field: FieldKey, where: string, name: string, value: T | Fault): T[] => {
    if (!(value instanceof Fault)) return [value];
    problems.push({ field, message: `${where} (${name}): ${value.message}` });
    return [];
  };
  const [own, logins] = splitOwn(task);
  for (const { host } of own) {
    notes.push(`RegistryLogins: ${host} is left out: the login of the registry that is pushed to needs no line`);
  }
  return {
    secrets: task.secrets.flatMap((line) => found('Secrets', line.where, line.id, secretOf(line, sources, notes))),
    ssh: task.ssh.flatMap((line) => found('Ssh', line.where, line.id, agentOf(line, sources))),
    logins: logins.flatMap((line) =>
      found('RegistryLogins', line.where, line.host, accessOf(line, sources, notes, makeRole)),
    ),
    problems,
    notes,
  };
}

/** The registry that is pushed to has its login from AWS, whatever a line says. */
function splitOwn({ repository, logins }: Task): [LoginLine[], LoginLine[]] {
  const host = repository?.value.host;
  const isOwn = (line: LoginLine): boolean => host !== undefined && normalHost(host) === line.host;
  return [logins.filter(isOwn), logins.filter((line) => !isOwn(line))];
}

function secretOf({ id, from }: SecretLine, sources: VariableSources, notes: string[]): BuildSecret | Fault {
  if (from.kind === 'file') return { id, from };
  const text = jobVariable(from.name, sources);
  if (text instanceof Fault) return text;
  if (Buffer.byteLength(text) > MOST_SECRET_BYTES) {
    return new Fault(
      `job variable ${from.name} has more than ${MOST_SECRET_BYTES} bytes, the most that BuildKit takes`,
    );
  }
  noteShort('Secrets', from.name, text, notes);
  return { id, from: { kind: 'value', variable: from.name, value: new Secret(text) } };
}

function accessOf(
  line: LoginLine,
  sources: VariableSources,
  notes: string[],
  makeRole: MakeRole,
): RegistryAccess | Fault {
  const { host } = line;
  if (line.kind === 'ecr') {
    const role = line.role && makeRole('RegistryLogins', line.role.text);
    return { kind: 'ecr', host, registry: line.registry, role };
  }
  const text = jobVariable(line.variable, sources);
  if (text instanceof Fault) return text;
  noteShort('RegistryLogins', line.variable, text, notes);
  return { kind: 'password', host, username: line.username, password: new Secret(text) };
}

function noteShort(field: FieldKey, name: string, text: string, notes: string[]): void {
  if (text.trim().length >= LEAST) return;
  notes.push(`${field}: the value of job variable ${name} has fewer than ${LEAST} characters, too few to be masked`);
}
