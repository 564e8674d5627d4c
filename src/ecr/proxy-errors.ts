import { StepError } from '../domain/errors';
import { readFault } from './fault';
import type { Proxy } from './proxy';

const PASSING = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', ''];
const REASONS = new Map([
  ['ECONNREFUSED', 'the connection is refused'],
  ['ENOTFOUND', 'the name is not found'],
  ['EAI_AGAIN', 'the name is not found'],
  ['ETIMEDOUT', 'there is no answer in time'],
  ['EHOSTUNREACH', 'there is no route'],
  ['ENETUNREACH', 'there is no route'],
]);

/** Nobody answers at the proxy's address, or hangs up on CONNECT. */
export function proxyUnreachable(error: unknown, proxy: Proxy, host: string): StepError {
  const { code, words } = readFault(error);
  const reason = REASONS.get(code) ?? (PASSING.includes(code) ? 'the connection is cut' : 'the connection fails');
  const why = `is not reached: ${reason}${code === '' ? '' : ` (${code})`}`;
  return told(why, proxy, host, { words, transient: PASSING.includes(code) });
}

/** The proxy answers CONNECT with another status than 200. */
export function proxyRefuses(status: number, proxy: Proxy, host: string): StepError {
  if (status === 407) {
    const why =
      proxy.authorization !== undefined
        ? 'does not take its user and password (HTTP 407)'
        : 'wants a user and a password (HTTP 407)';
    return told(why, proxy, host, { words: '', transient: false });
  }
  return told(`does not connect (HTTP ${status})`, proxy, host, {
    words: '',
    transient: status >= 500 || status === 429,
  });
}

interface Detail {
  readonly words: string;
  readonly transient: boolean;
}

function told(why: string, proxy: Proxy, host: string, { words, transient }: Detail): StepError {
  const message = `AWS is not reached at ${host}: the proxy ${proxy.text} ${why}`;
  return new StepError('AWS_UNREACHABLE', 'agent-aws', 'environment', message, {
    hint: `Correct HTTPS_PROXY, or name ${host} in NO_PROXY if it is reached directly`,
    transient,
    ...(words === '' ? {} : { words }),
  });
}
