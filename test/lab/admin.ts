import * as http from 'node:http';
import { listen, readAll, type Listening } from './listening';
import type { AwsFault, Order, RegistryFault } from './orders';
import { readImage, readTags } from './stored-image';
import type { World } from './world';

/** Where tests, in whatever process, order faults and ask what was seen: `POST /admin`, an Order as JSON. */

function belongs(fault: AwsFault | RegistryFault, accessKeyId: string | undefined): boolean {
  return accessKeyId === undefined || fault.match?.accessKeyId === accessKeyId;
}

function reset(world: World, accessKeyId: string | undefined): void {
  world.awsFaults.clear((fault) => belongs(fault, accessKeyId));
  world.registryFaults.clear((fault) => belongs(fault, accessKeyId));
  if (accessKeyId === undefined) {
    world.records = [];
    world.clock.offsetMs = 0;
    return;
  }
  world.records = world.records.filter((record) => !('rootKeyId' in record) || record.rootKeyId !== accessKeyId);
}

function token(world: World, host: string | undefined, lifetimeSeconds: number) {
  const site = world.siteOfHost(host);
  const issued = world.tokens.issue({ region: null, accessKeyId: null, rootKeyId: null }, lifetimeSeconds);
  return { username: 'AWS', password: issued.password, serveraddress: site.host };
}

function addFault(world: World, order: Extract<Order, { command: 'fault' }>): void {
  if (order.fault.on === 'aws') world.awsFaults.add(order.fault);
  else world.registryFaults.add(order.fault);
}

async function obey(world: World, order: Order): Promise<unknown> {
  switch (order.command) {
    case 'fault':
      return addFault(world, order);
    case 'repository': {
      const site = world.siteOfHost(order.options.host);
      site.repositories.create(order.name, order.options, world.clock.now());
      return `${site.host}/${order.name}`;
    }
    case 'requests':
      return world.records;
    case 'reset':
      return reset(world, order.accessKeyId);
    case 'expireTokens':
      return world.tokens.expire(
        (one) => order.accessKeyId === undefined || [one.accessKeyId, one.rootKeyId].includes(order.accessKeyId),
      );
    case 'policy':
      return world.identities.policies.set(order.accessKeyId, order.allowed);
    case 'role':
      return world.identities.makeRole(order.arn, order.owner, order.options);
    case 'expireSessions':
      return world.identities.expireSessions(order.accessKeyId);
    case 'passwords':
      return world.tokens.passwordsOf(order.accessKeyId);
    case 'token':
      return token(world, order.host, order.lifetimeSeconds ?? 12 * 60 * 60);
    case 'image':
      return readImage(world.siteOfHost(order.host), order.repository, order.reference);
    case 'tags':
      return readTags(world.siteOfHost(order.host), order.repository);
    case 'clock':
      world.clock.offsetMs = order.offsetMs;
      return undefined;
  }
}

export async function startAdmin(world: World): Promise<Listening> {
  const serve = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const body = (await readAll(request)).toString();
    if (request.method !== 'POST' || request.url !== '/admin') {
      response.writeHead(404).end();
      return;
    }
    const done = await obey(world, JSON.parse(body) as Order).then(
      (value) => ({ status: 200, value: value ?? null }),
      (error: unknown) => ({ status: 400, value: { error: String(error) } }),
    );
    response.writeHead(done.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(done.value));
  };
  const server = http.createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  return listen(server);
}
