import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { Endpoint } from '../../endpoint';
import { connectionError, noAnswer, notDocker } from '../../errors/connection-errors';
import { requestError } from '../../errors/request-errors';
import { chunksOf, refusalOf, type Refusal } from '../../request';
import { within } from '../../within';

/** The two endpoints of the engine that hand a connection over to BuildKit (moby: daemon/server/router/{session,grpc}). */
export type UpgradePath = '/session' | '/grpc';

export type Upgraded = { readonly socket: Duplex } | { readonly refusal: Refusal };

/**
 * Statuses that say that there is no such endpoint, or none for us: Podman's 404, the 403 of an authorization plugin, the
 * 400 of a daemon behind a proxy that strips `Upgrade`. Everything else is a fault, said in words of its own.
 */
const WITHOUT_BUILDKIT: readonly number[] = [400, 403, 404, 405, 426, 501];

/** An error's text is a sentence; of a page of some proxy the beginning is enough. */
const MAX_REFUSAL_BYTES = 64 * 1024;

/** Asks the daemon to speak HTTP/2 on this connection from here on. Throws a StepError, or the signal's reason. */
export async function upgrade(
  endpoint: Endpoint,
  path: UpgradePath,
  headers: Readonly<Record<string, string | string[]>>,
  signal: AbortSignal,
): Promise<Upgraded> {
  const socket = await endpoint.connect(signal);
  const { connectMs } = endpoint.limits;
  const late = (): Error => noAnswer(endpoint.where, connectMs);
  try {
    return await within(connectMs, late, signal, async (limited) => {
      const answer = await post(endpoint, socket, path, headers, limited);
      if ('socket' in answer) {
        await written(answer.socket);
        return answer;
      }
      const refusal = await refused(endpoint, path, answer.response, limited);
      socket.destroy(); // Node leaves it open, for a next request that there is not
      return { refusal };
    });
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    throw connectionError(error, endpoint.where);
  }
}

type Answer = { readonly socket: Duplex } | { readonly response: IncomingMessage };

function post(
  endpoint: Endpoint,
  socket: Duplex,
  path: UpgradePath,
  headers: Readonly<Record<string, string | string[]>>,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      method: 'POST',
      path,
      createConnection: () => socket,
      headers: { Host: endpoint.authority, Connection: 'Upgrade', Upgrade: 'h2c', 'Content-Length': '0', ...headers },
    });
    const abort = (): void => {
      request.destroy();
      reject(signal.reason as Error); // whatever it is: callers compare it
    };
    signal.addEventListener('abort', abort, { once: true });
    request.on('error', reject);
    request.on('response', (response) => resolve({ response }));
    request.on('upgrade', (response, upgraded: Duplex, head) => {
      signal.removeEventListener('abort', abort);
      if (head.length > 0) upgraded.unshift(head); // the daemon speaks first, often in the same packet
      if (response.headers.upgrade === 'h2c') resolve({ socket: upgraded });
      else reject(notDocker(endpoint.where, `it switches to ${response.headers.upgrade ?? 'nothing'}, not to h2c`));
    });
    request.end();
  });
}

/** Node aborts the process when HTTP/2 takes over a TLS socket on which a write has not ended (measured on 20.20). */
async function written(socket: Duplex): Promise<void> {
  while (socket.writableLength > 0 && !socket.destroyed) await setImmediate();
}

async function refused(
  endpoint: Endpoint,
  path: UpgradePath,
  response: IncomingMessage,
  signal: AbortSignal,
): Promise<Refusal> {
  const status = response.statusCode ?? 0;
  if (status >= 300 && status < 400) {
    response.destroy();
    throw notDocker(endpoint.where, `it answered with a redirect (HTTP ${status})`);
  }
  const refusal = refusalOf(status, await beginning(endpoint, response, signal));
  const error = requestError(refusal, `POST ${path}`, endpoint.where);
  if (error.code === 'DAEMON_TLS' || !WITHOUT_BUILDKIT.includes(status)) throw error;
  return refusal;
}

async function beginning(endpoint: Endpoint, response: IncomingMessage, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunksOf(endpoint, response, signal)) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_REFUSAL_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
