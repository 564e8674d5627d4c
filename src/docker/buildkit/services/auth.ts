import { normalHost } from '../../../domain/registry-host';
import type { UnaryHandler } from '../grpc/server';
import { Writer } from '../wire/writer';
import { askedFor } from './asked-for';
import type { Counter } from './counter';

const [USERNAME, SECRET] = [1, 2];

/**
 * Credentials. BuildKit asks for every registry that it talks to, so a host that is not offered is no error: it gets an
 * answer without user and password, which means "anonymous".
 */
export function credentials(counter: Counter): UnaryHandler {
  return (request) => {
    const host = normalHost(askedFor(request));
    const login = counter.offer.login(host);
    const reply = new Writer();
    if (login === undefined || normalHost(login.host) !== host) return reply.end();
    return reply.text(USERNAME, login.username).text(SECRET, login.password.reveal()).end();
  };
}
