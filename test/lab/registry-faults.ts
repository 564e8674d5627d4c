import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RegistryAction } from './orders';
import { registryError, type Refusal } from './registry-errors';

/** A real RST, also beneath TLS, where only the connection itself can send one. */
export function breakConnection(request: IncomingMessage): void {
  const socket = request.socket as Socket & { _parent?: unknown };
  if (socket._parent instanceof Socket) socket._parent.resetAndDestroy();
  else socket.resetAndDestroy();
}

function breakAfter(request: IncomingMessage, limit: number): void {
  let seen = 0;
  request.on('data', (chunk: Buffer) => {
    seen += chunk.length;
    if (seen >= limit) breakConnection(request);
  });
  // The registry behind must get the body too: a data listener alone would have it lost.
  request.pause();
}

function refusalOf(action: Extract<RegistryAction, { status: number }>): Refusal {
  const { body } = action;
  const refusal =
    typeof body === 'object'
      ? registryError(action.status, body.code, body.message)
      : { status: action.status, body: body ?? '' };
  return { ...refusal, headers: { ...action.headers } };
}

/** What an ordered fault does to a request: an answer of its own, the end of the connection, or only harm on the way. */
export async function suffer(action: RegistryAction, request: IncomingMessage): Promise<Refusal | 'go on' | 'over'> {
  if (action === 'hang') return 'over';
  if (action === 'reset') {
    breakConnection(request);
    return 'over';
  }
  if ('status' in action) return refusalOf(action);
  if ('delayMs' in action) await sleep(action.delayMs);
  else breakAfter(request, action.resetAfterBytes);
  return 'go on';
}
