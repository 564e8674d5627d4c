import { describeOrigin, type Origin, type Sourced } from '../domain/origin';
import type { PemPlan } from '../domain/plan';
import { ofLevel } from './defaults';
import type { DaemonSources } from './daemon-sources';

/** Whoever named the daemon's address; nobody else has a say in its TLS. */
export interface Side {
  /** Where its DOCKER_TLS_VERIFY and others are. */
  readonly kind: 'job-variable' | 'agent-environment';
  readonly variables: ReadonlyMap<string, string>;
  readonly verify: Sourced<boolean> | undefined;
  readonly certPath: Sourced<string> | undefined;
  readonly pem: PemPlan | undefined;
  /** How TLS is switched on there. */
  readonly advice: string;
}

const NO_VARIABLES: ReadonlyMap<string, string> = new Map();

export function sideOf(origin: Origin, sources: DaemonSources): Side {
  switch (origin.kind) {
    case 'field':
    case 'job-variable':
      return jobSide(sources);
    case 'settings-file':
    case 'server-property':
      return settingsSide(origin.kind, origin, sources);
    case 'agent-environment':
    case 'docker-context':
    case 'repository-host':
    case 'built-in':
      return agentSide(sources);
  }
}

function jobSide({ task, job, pem }: DaemonSources): Side {
  const ofField = <T>(value: T | undefined, name: string): Sourced<T> | undefined =>
    value === undefined ? undefined : { value, origin: { kind: 'field', name } };
  return {
    kind: 'job-variable',
    variables: job,
    verify: ofField(task.tlsVerify, 'TlsVerify'),
    certPath: ofField(task.certPath, 'CertPath'),
    pem,
    advice: 'set TlsVerify=true',
  };
}

function agentSide({ agent }: DaemonSources): Side {
  const advice = "set DOCKER_TLS_VERIFY=1 in the agent's environment";
  const none = { verify: undefined, certPath: undefined, pem: undefined };
  return { kind: 'agent-environment', variables: agent, ...none, advice };
}

/** `default.TlsVerify` and `default.CertPath` of the level that has `default.DockerHost`. */
function settingsSide(level: 'settings-file' | 'server-property', origin: Origin, { defaults }: DaemonSources): Side {
  const [verify] = ofLevel(defaults.tlsVerify, level);
  const [certPath] = ofLevel(defaults.certPath, level);
  const where = describeOrigin(origin).replace('DockerHost', 'TlsVerify');
  return {
    kind: 'agent-environment',
    variables: NO_VARIABLES,
    verify,
    certPath,
    pem: undefined,
    advice: `set ${where} to true`,
  };
}
