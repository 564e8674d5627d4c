import { createServer } from 'node:http';
import { listen, type Listening } from './listening';
import type { World } from './world';

/** Somebody else's registry: it asks everybody for credentials, notes what it gets, and has nothing. */
export async function startForeignRegistry(world: World): Promise<Listening> {
  const server = createServer((request, response) => {
    const authorization = request.headers.authorization ?? null;
    world.record({
      on: 'foreign',
      at: new Date(world.clock.now()).toISOString(),
      method: request.method ?? '',
      path: request.url ?? '',
      authorization,
    });
    request.resume();
    response.writeHead(401, { 'content-type': 'text/plain', 'www-authenticate': 'Basic realm="foreign"' });
    response.end('Not Authorized\n');
  });
  return listen(server);
}
