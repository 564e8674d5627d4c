import type Dockerode from 'dockerode';
import type { Duplex } from 'node:stream';
import type { Plan } from '../domain/plan';
import type { SshDaemon } from '../domain/ssh-daemon';
import { readCertificates } from './certificates';
import { BurstAgent } from './burst';
import { createClient } from './client';
import { connectTo, type Address } from './connection';
import { connectionError, noAnswer } from './errors/connection-errors';
import { LIMITS, type Limits } from './limits';
import { openSshLine } from './ssh/open-line';
import { isOnThisHost, whereOf, type Where } from './where';

/** One daemon: how to reach it, and how messages name it. */
export interface Endpoint {
  readonly client: Dockerode;
  readonly where: Where;
  readonly limits: Limits;
  /** A stream to it crosses no network: compressing it only costs time. */
  readonly onThisHost: boolean;
  /** What the `Host` header of a request says. */
  readonly authority: string;
  /** A connection of the caller's own, for what dockerode can't do. Throws a StepError, or the signal's reason. */
  connect(signal: AbortSignal): Promise<Duplex>;
  close(): void;
}

/** Everything about the connection comes from the plan, and nothing from this process's environment. */
export async function openEndpoint(plan: Pick<Plan, 'daemon' | 'files'>, limits = LIMITS): Promise<Endpoint> {
  const { daemon } = plan;
  if (daemon.kind === 'ssh') return overSsh(daemon, limits);
  const tls = daemon.kind === 'tcp' ? daemon.tls : undefined;
  const certificates = tls === undefined ? {} : await readCertificates(tls, plan.files.jobFolder);
  const where = whereOf(daemon, certificates.cert !== undefined);
  const options = {
    tls: tls && { certificates, verify: tls.verify },
    limitMs: limits.connectMs,
    late: () => noAnswer(where, limits.connectMs),
  };
  const address: Address =
    daemon.kind === 'unix' ? { socketPath: daemon.socketPath } : { host: daemon.host, port: daemon.port };
  const connect = (signal: AbortSignal): Promise<Duplex> =>
    connectTo(address, options, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      throw connectionError(error, where);
    });
  const agent = new BurstAgent(connect);
  return {
    client: createClient({ ...address, protocol: 'http' }, agent), // TLS is the agent's
    where,
    limits,
    onThisHost: isOnThisHost(daemon),
    authority: daemon.kind === 'unix' ? 'docker' : `${daemon.host}:${daemon.port}`,
    connect,
    close: () => agent.destroy(),
  };
}

async function overSsh(daemon: SshDaemon, limits: Limits): Promise<Endpoint> {
  const where = whereOf(daemon, false);
  const line = await openSshLine(daemon, where);
  return {
    client: createClient({ socketPath: '/', protocol: 'http' }, line.agent), // the agent connects, and to no socket
    where,
    limits,
    onThisHost: isOnThisHost(daemon),
    authority: 'docker',
    connect: (signal) => line.connect(signal),
    close: () => line.close(),
  };
}
