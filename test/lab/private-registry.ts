import * as http from 'node:http';
import { pipeline } from 'node:stream';
import { startDebianRegistry, type RegistryUpstream } from './debian-registry';
import { listen, type Listening } from './listening';
import type { World } from './world';

/** A registry of somebody else that has images for who knows the password; it notes what everybody sends as one. */

export const privateUser = 'reader';
/** One that no token of the lab holds by chance, and that a search for it finds in every encoding */
export const privatePassword = 'lab/"Private+word" ü7';

export interface PrivateRegistry extends Listening {
  readonly host: string;
}

const expected = `Basic ${Buffer.from(`${privateUser}:${privatePassword}`).toString('base64')}`;
const hopByHop = ['connection', 'keep-alive', 'transfer-encoding'];

function endToEnd(headers: http.IncomingHttpHeaders): http.OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.includes(name)));
}

function forward(upstream: RegistryUpstream, request: http.IncomingMessage, response: http.ServerResponse): void {
  const headers = { ...endToEnd(request.headers), authorization: upstream.authorization };
  const { port, agent } = upstream;
  const options = { host: '127.0.0.1', port, method: request.method, path: request.url, headers, agent };
  const passed = http.request(options, (reply) => {
    response.writeHead(reply.statusCode ?? 502, endToEnd(reply.headers));
    pipeline(reply, response, () => undefined);
  });
  passed.on('error', () => response.destroy());
  request.pipe(passed);
}

export async function startPrivateRegistry(world: World, labFolder: string): Promise<PrivateRegistry> {
  const registry = await startDebianRegistry(labFolder, 'private-registry');
  const server = http.createServer((request, response) => {
    const authorization = request.headers.authorization ?? null;
    const at = new Date(world.clock.now()).toISOString();
    const [method, path] = [request.method ?? '', request.url ?? ''];
    world.record({ on: 'private', at, method, path, authorization, accepted: authorization === expected });
    if (authorization === expected) return forward(registry.upstream, request, response);
    request.resume();
    response.writeHead(401, { 'content-type': 'application/json', 'www-authenticate': 'Basic realm="private"' });
    response.end('{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}');
  });
  server.requestTimeout = 0;
  const listening = await listen(server);
  return {
    port: listening.port,
    host: `127.0.0.1:${listening.port}`,
    stop: async () => {
      await listening.stop();
      await registry.stop();
    },
  };
}
