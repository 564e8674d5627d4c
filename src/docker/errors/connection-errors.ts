import { StepError } from '../../domain/errors';
import type { Where } from '../where';
import { isRecord, messageOf, textOf } from '../json';
import type { ConnectionRow } from './connection-row';
import { noisyShell } from './ssh-errors';
import { tlsRows } from './tls-errors';

const rows: readonly ConnectionRow[] = [
  {
    when: /^ECONNREFUSED$/,
    code: 'DAEMON_REFUSED',
    blame: 'environment',
    message: ({ daemon }) => `No daemon listens at ${daemon}: the connection was refused`,
    hint: startOrCorrect,
  },
  {
    when: /^ENOENT$/,
    code: 'DAEMON_NO_SOCKET',
    blame: 'environment',
    message: ({ daemon }) => `There is no socket ${daemon}`,
    hint: startOrCorrect,
  },
  {
    when: /^(EACCES|EPERM)$/,
    code: 'DAEMON_NO_PERMISSION',
    blame: 'environment',
    message: ({ daemon }) => `The agent's user may not use the socket ${daemon}`,
    hint: () =>
      "Add the agent's user to the group that owns the socket (usually docker) and restart the agent, or name another daemon in DockerHost",
  },
  {
    when: /^(ENOTFOUND|EAI_[A-Z]+)$/,
    code: 'DAEMON_NAME_NOT_FOUND',
    blame: 'environment',
    message: ({ daemon }) => `The host name of ${daemon} cannot be resolved on this agent`,
    hint: ({ origin }) => `Correct the name (${origin}), or this agent's DNS`,
  },
  {
    when: /^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN)$/,
    code: 'DAEMON_TIMEOUT',
    blame: 'environment',
    message: ({ daemon }) => `The daemon at ${daemon} cannot be reached from this agent`,
    hint: ({ origin }) => `Check route and firewall, and host and port (${origin})`,
  },
  ...tlsRows,
  noisyShell,
  {
    when: /^HPE_/,
    code: 'DAEMON_NOT_DOCKER',
    blame: 'config',
    message: ({ daemon }) => `What listens at ${daemon} is no Docker daemon: it does not speak HTTP`,
    hint: ({ origin }) => `Correct host and port (${origin})`,
  },
  {
    when: /^(ECONNRESET|ECONNABORTED|EPIPE|ERR_STREAM_PREMATURE_CLOSE)$/,
    code: 'DAEMON_CONNECTION_LOST',
    blame: 'environment',
    message: ({ daemon }) => `The connection to the daemon at ${daemon} broke off`,
    hint: ({ transport }) =>
      transport === 'tcp'
        ? "Look into the daemon's log for a restart or a crash; if it wants TLS, set TlsVerify=true"
        : "Look into the daemon's log for a restart or a crash",
  },
];

function startOrCorrect({ builtIn, origin }: Where): string {
  return builtIn
    ? 'Start a Docker daemon on this agent, or name another one in DockerHost'
    : `Start the daemon there, or correct its address (${origin})`;
}

/** An error of Node's sockets, TLS or HTTP, in the reader's words. What is a StepError already stays what it is. */
export function connectionError(error: unknown, where: Where): StepError {
  if (error instanceof StepError) return error;
  const { code, text } = read(error);
  const row = rows.find((one) => one.when.test(code) && (one.text?.test(text) ?? true) && (one.only?.(where) ?? true));
  if (row === undefined) {
    return new StepError('DAEMON_ERROR', 'agent-daemon', 'environment', `The request to ${where.daemon} failed`, {
      words: text,
      cause: error,
    });
  }
  return new StepError(row.code, 'agent-daemon', row.blame, row.message(where), {
    hint: row.hint(where),
    words: text,
    cause: error,
    transient: row.transient ?? false,
  });
}

/** When a name has several addresses, Node's error holds one error for each, and no text of its own. */
function read(error: unknown): { code: string; text: string } {
  const { code, errors } = isRecord(error) ? error : {};
  const texts = Array.isArray(errors) ? errors.map((one: unknown) => messageOf(one)) : [];
  return { code: textOf(code) ?? '', text: texts.length > 0 ? texts.join('; ') : messageOf(error) };
}

/** A black hole: neither an answer nor a refusal within the limit. */
export function noAnswer({ daemon, origin }: Where, limitMs: number): StepError {
  return new StepError(
    'DAEMON_TIMEOUT',
    'agent-daemon',
    'environment',
    `No answer from the daemon at ${daemon} within ${limitMs / 1000} s`,
    { hint: `Check route and firewall, host and port (${origin}), and whether the daemon still answers others` },
  );
}

/** Something listens there and answers, but not as a Docker daemon does. */
export function notDocker({ daemon, origin }: Where, why: string, words?: string): StepError {
  return new StepError(
    'DAEMON_NOT_DOCKER',
    'agent-daemon',
    'environment',
    `What answers at ${daemon} is no Docker daemon: ${why}`,
    {
      hint: `Correct host and port (${origin}); a proxy on the way may answer in the daemon's place`,
      ...(words === undefined || words === '' ? {} : { words }),
    },
  );
}

/** The daemon's stream ended, politely, before it said how the matter ended. */
export function endedEarly({ daemon }: Where, what: string): StepError {
  return new StepError(
    'DAEMON_CONNECTION_LOST',
    'agent-daemon',
    'environment',
    `The daemon at ${daemon} stopped talking in the middle of the ${what}`,
    { hint: "Look into the daemon's log for a restart or a crash" },
  );
}
