import { describeOrigin, type Sourced } from '../domain/origin';
import { isLoopback } from './docker-host';
import type { Finding } from './finding';
import { isPlaintext, type NamedDaemon, type Settings } from './settings';

/** Nothing leaves this host in plain text, unless the agent's settings say that this daemon is meant so. */
export function plaintextFinding(
  field: string,
  host: string,
  display: Sourced<string>,
  settings: Settings,
  advice: string,
): Finding | undefined {
  if (isLoopback(host) || isPlaintext(settings, display.value)) return undefined;
  const named = settings.daemons.find((daemon) => daemon.url.origin === display.origin);
  const message = `${shown(display)} is another machine and TLS is off: the source and the registry's token would cross the network in plain text`;
  const lines = named ? [line(named, 'plaintext', 'true')] : newLines(host, display.value);
  const tls = named ? `add ${line(named, 'certs', '/folder/of/its/certificates')} to the agent's settings` : advice;
  const hint = `use TLS (${tls}), or, where that network is trusted, add to the agent's settings: ${lines.join(', ')}`;
  return refused(field, message, hint);
}

/** TLS to anybody who answers is no TLS: it is for a daemon on this host only. */
export function unverifiedFinding(
  field: string,
  host: string,
  display: Sourced<string>,
  verified: boolean,
  advice: string,
): Finding | undefined {
  if (verified || isLoopback(host)) return undefined;
  const message = `${shown(display)} is another machine and ${unverified(display)} does not verify its certificate: the source and the registry's token would go to whoever answers`;
  return refused(field, message, advice);
}

function refused(field: string, message: string, advice: string): Finding {
  const hint = advice.slice(0, 1).toUpperCase() + advice.slice(1);
  return { field, message: `${message}. ${hint}`, exposed: { message, hint } };
}

function shown({ value, origin }: Sourced<string>): string {
  return `${value} (${describeOrigin(origin)})`;
}

/** As it is written where the daemon was named: a file's address takes no property, and the other way round. */
function line({ name, url }: NamedDaemon, part: string, value: string): string {
  const key = `daemon.${name}.${part}`;
  return url.origin.kind === 'server-property' ? `-Dgocd.ecr.${key}=${value}` : entry(key, value);
}

function newLines(host: string, url: string): string[] {
  const name = host.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+/, '');
  return [entry(`daemon.${name}`, url), entry(`daemon.${name}.plaintext`, 'true')];
}

function entry(key: string, value: string): string {
  return `"${key}": ${value === 'true' ? value : `"${value}"`}`;
}

function unverified({ origin }: Sourced<string>): string {
  return origin.kind === 'docker-context' ? 'that context, with SkipTLSVerify,' : 'DOCKER_TLS alone';
}
