import type { ClientHttp2Stream } from 'node:http2';
import { within } from '../../within';
import { endOf } from '../grpc/client';
import { BytesStream } from './bytes-stream';
import { clientOver } from './client-over';
import type { Dial } from './dialled';
import { sessionHeaders } from './session-headers';

/**
 * HTTP/2 without being asked (`h2c` with prior knowledge), and a session inside of a call: engines from API 1.53
 * (buildkit: session/grpchijack). Whatever goes wrong once the daemon is connected means that it knows no such thing.
 */
export const h2cDial: Dial = async (endpoint, identity, signal) => {
  const session = clientOver(await endpoint.connect(signal));
  const call = session.request({
    ':method': 'POST',
    ':path': '/moby.buildkit.v1.Control/Session',
    'content-type': 'application/grpc',
    te: 'trailers',
    ...sessionHeaders(identity),
  });
  const socket = new BytesStream(call);
  socket.once('close', () => session.destroy());
  socket.on('error', () => undefined); // 'close' follows
  try {
    const late = (): Error => new Refused('no answer');
    await within(endpoint.limits.h2cAnswerMs, late, signal, (limited) => answered(call, limited));
    return { kind: 'h2c', socket, openCalls: async (later) => clientOver(await endpoint.connect(later)) };
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    return { kind: 'none', why: `${(error as Error).message} to HTTP/2 with prior knowledge` };
  }
};

class Refused extends Error {}

function answered(call: ClientHttp2Stream, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    call.once('response', (headers) => {
      if (headers[':status'] === 200 && headers['grpc-status'] === undefined) resolve();
    });
    void endOf(call).then((error) => reject(error ?? new Refused('nothing')));
  });
}
