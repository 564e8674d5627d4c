import { StepError, type Blame, type ErrorCode, type Hop } from '../../domain/errors';
import type { Where } from '../where';

/** What a row of the tables here says about a fault. */
export interface Verdict {
  readonly code: ErrorCode;
  /** daemon → registry, unless said. */
  readonly hop?: Hop;
  readonly blame: Blame;
  readonly message: string;
  readonly hint?: string;
  readonly transient?: boolean;
}

export function stepError(verdict: Verdict, words: string): StepError {
  const { hint, transient = false } = verdict;
  return new StepError(verdict.code, verdict.hop ?? 'daemon-registry', verdict.blame, verdict.message, {
    ...(hint === undefined ? {} : { hint }),
    ...(words === '' ? {} : { words }),
    transient,
  });
}

/** What keeps a daemon from a registry is the same for a push, a login and a base image. */
export type Unreachable = 'unreachable' | 'certificate-unknown' | 'plain-http';

export function unreachable(fault: Unreachable, registry: string, { daemon }: Where): Verdict {
  const common = { code: 'REGISTRY_UNREACHABLE', blame: 'environment' } as const;
  switch (fault) {
    case 'unreachable':
      return {
        ...common,
        message: `The daemon at ${daemon} cannot reach the registry ${registry}`,
        hint: "It is the daemon's machine that must reach it: check DNS, routes and proxy there, not on this agent",
        transient: true,
      };
    case 'certificate-unknown':
      return {
        ...common,
        message: `The daemon at ${daemon} does not trust the certificate of the registry ${registry}`,
        hint: `Put the registry's authority into /etc/docker/certs.d/${registry}/ca.crt on the daemon's machine`,
      };
    case 'plain-http':
      return {
        ...common,
        message: `The registry ${registry} speaks plain HTTP, and the daemon at ${daemon} asks for HTTPS`,
        hint: `Give the registry a certificate, or list ${registry} under insecure-registries in the daemon's daemon.json`,
      };
  }
}
