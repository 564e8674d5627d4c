import type { ClientHttp2Session } from 'node:http2';
import type { Endpoint } from '../../endpoint';
import { requestError } from '../../errors/request-errors';
import { clientOver } from './client-over';
import type { Dial } from './dialled';
import { sessionHeaders } from './session-headers';
import { upgrade } from './upgrade';

/** `POST /session` and `POST /grpc`: every engine since 18.09, until they are taken away (deprecated in API 1.53). */
export const upgradeDial: Dial = async (endpoint, identity, signal) => {
  const answer = await upgrade(endpoint, '/session', sessionHeaders(identity), signal);
  if ('refusal' in answer) return { kind: 'none', why: `HTTP ${answer.refusal.status} to POST /session` };
  return {
    kind: 'upgrade',
    socket: answer.socket,
    openCalls: (callSignal) => openCalls(endpoint, callSignal),
  };
};

async function openCalls(endpoint: Endpoint, signal: AbortSignal): Promise<ClientHttp2Session> {
  const answer = await upgrade(endpoint, '/grpc', {}, signal);
  if ('refusal' in answer) throw requestError(answer.refusal, 'POST /grpc', endpoint.where);
  return clientOver(answer.socket);
}
