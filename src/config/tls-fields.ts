import type { PemPlan } from '../domain/plan';
import type { Origin, Sourced } from '../domain/origin';
import { Secret } from '../domain/secret';
import { jobVariable } from './buildkit/job-variable';
import { Fault } from './fault';
import type { PemField } from './pem-fields';
import type { Finding } from './finding';
import { pemFault, plainPem } from './pem-text';
import type { Task } from './task';

export interface JobPem {
  readonly pem: PemPlan | undefined;
  readonly problems: readonly Finding[];
}

/** What TlsCa, TlsCert and TlsKey name, found; no value is ever quoted. */
export function jobPem(
  task: Pick<Task, 'tlsPem'>,
  sources: { readonly job: ReadonlyMap<string, string>; readonly agent: ReadonlyMap<string, string> },
): JobPem {
  const problems: Finding[] = [];
  const one = (field: PemField): Sourced<Secret> | undefined => {
    const name = task.tlsPem.get(field);
    if (name === undefined) return undefined;
    const text = jobVariable(name, sources);
    const fault = text instanceof Fault ? text.message : faultIn(field, name, text);
    if (fault !== undefined) problems.push({ field, message: fault });
    const origin: Origin = { kind: 'job-variable', name };
    return text instanceof Fault ? undefined : { value: new Secret(plainPem(text)), origin };
  };
  const [ca, cert, key] = [one('TlsCa'), one('TlsCert'), one('TlsKey')];
  return { pem: task.tlsPem.size === 0 ? undefined : { ca, cert, key }, problems };
}

function faultIn(field: PemField, name: string, text: string): string | undefined {
  const fault = pemFault(field === 'TlsKey' ? 'PRIVATE KEY' : 'CERTIFICATE', text);
  return fault && `job variable ${name} ${fault}`;
}

/** Whatever the surroundings are. */
export function pemContradictions({ tlsPem, tlsVerify, certPath, dockerHost }: Task): Finding[] {
  const [first] = tlsPem.keys();
  if (first === undefined) return [];
  const shown = dockerHost?.from.text ?? '';
  const elsewhere: Readonly<Partial<Record<string, string>>> = {
    unix: 'a socket has no TLS',
    ssh: 'ssh has keys of its own, and no TLS',
    name: `its certificates are those of daemon.${dockerHost?.value.kind === 'name' ? dockerHost.value.name : ''} in the agent's settings`,
  };
  const why = elsewhere[dockerHost?.value.kind ?? ''];
  return [
    ...(why === undefined ? [] : [{ field: first, message: `contradicts DockerHost ${shown}: ${why}` }]),
    ...(tlsVerify === false
      ? [{ field: first, message: 'contradicts TlsVerify false: certificates are for TLS' }]
      : []),
    ...(certPath === undefined
      ? []
      : [
          {
            field: first,
            message: `contradicts CertPath ${certPath}: certificates are in a folder or in variables, not in both`,
          },
        ]),
    ...alone(tlsPem, 'TlsCert', 'TlsKey'),
    ...alone(tlsPem, 'TlsKey', 'TlsCert'),
  ];
}

function alone(given: Task['tlsPem'], field: PemField, other: PemField): Finding[] {
  if (!given.has(field) || given.has(other)) return [];
  return [{ field, message: `is set without ${other}: a client certificate and its key go together` }];
}
