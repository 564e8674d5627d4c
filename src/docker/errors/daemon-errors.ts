import { StepError } from '../../domain/errors';
import type { Refusal } from '../request';
import type { Where } from '../where';
import { notDocker } from './connection-errors';

/** The daemon answered, and not with what was asked for. */
export function daemonError(what: string, refusal: Refusal, where: Where): StepError {
  const { status, text } = refusal;
  if (/HTTP request to an HTTPS server/i.test(text)) {
    return new StepError(
      'DAEMON_TLS',
      'agent-daemon',
      'config',
      `The Docker daemon at ${where.daemon} speaks TLS, and we were told to speak plain TCP`,
      { words: text, hint: 'Set TlsVerify=true and CertPath' },
    );
  }
  if (/client version \S+ is too (old|new)|Minimum supported API version/i.test(text)) {
    return new StepError(
      'DAEMON_TOO_OLD',
      'agent-daemon',
      'environment',
      `The Docker daemon at ${where.daemon} does not speak our version of its API`,
      { words: text, hint: 'This plugin works with Docker Engine 20.10 to 29' },
    );
  }
  if (/^\s*</.test(text) || [407, 502, 503, 504].includes(status)) {
    return notDocker(where, `it answered HTTP ${status} (${text.slice(0, 200)})`);
  }
  return new StepError(
    'DAEMON_ERROR',
    'agent-daemon',
    'environment',
    `The Docker daemon at ${where.daemon} refused to ${what} (HTTP ${status})`,
    { words: text, hint: "The daemon's own log may say more (journalctl -u docker)" },
  );
}
