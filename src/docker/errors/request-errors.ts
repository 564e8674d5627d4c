import { StepError } from '../../domain/errors';
import type { Refusal } from '../request';
import type { Where } from '../where';
import { notDocker } from './connection-errors';

/** dockerd itself has no use for these. */
const OF_A_PROXY: readonly number[] = [407, 502, 503, 504];

/** A refused request that is none of the cases its caller knows. `what` completes "answered HTTP 500 to". */
export function requestError(refusal: Refusal, what: string, where: Where): StepError {
  const { status, text } = refusal;
  const words = text === '' ? {} : { words: text };
  if (/sent an HTTP request to an HTTPS server/.test(text)) {
    return new StepError(
      'DAEMON_TLS',
      'agent-daemon',
      'config',
      `The daemon at ${where.daemon} wants TLS, and this task speaks plain HTTP to it`,
      { hint: 'Set TlsVerify=true, and CertPath to the folder with its certificates', ...words },
    );
  }
  if (/^\s*</.test(text)) return notDocker(where, `it answered HTTP ${status} with a web page`, text);
  if (OF_A_PROXY.includes(status)) return notDocker(where, `it answered HTTP ${status}`, text);
  if (status === 403) {
    return new StepError(
      'DAEMON_ERROR',
      'agent-daemon',
      'environment',
      `The daemon at ${where.daemon}, or a proxy before it, does not allow ${what}`,
      { hint: "Allow that request in the daemon's authorization plugin or in the proxy's rules", ...words },
    );
  }
  if (/no space left on device/.test(text)) {
    return new StepError(
      'BUILD_NO_SPACE',
      'agent-daemon',
      'environment',
      `The disk of the daemon at ${where.daemon} is full`,
      { hint: "Free space in the daemon's data root (docker system df shows what fills it)", ...words },
    );
  }
  return new StepError(
    'DAEMON_ERROR',
    'agent-daemon',
    'environment',
    `The daemon at ${where.daemon} answered HTTP ${status} to ${what}`,
    words,
  );
}
