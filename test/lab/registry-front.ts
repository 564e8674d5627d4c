import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { listen, type Listening } from './listening';
import type { RegistryFault, RegistryRecord } from './orders';
import {
  deniedRefusal,
  loginRefusal,
  parseTarget,
  registryError,
  repositoryRefusal,
  type Refusal,
} from './registry-errors';
import { suffer } from './registry-faults';
import type { Token } from './token-book';
import type { Site, World } from './world';

/** What daemons take for ECR's registry: tokens, repositories and faults here, bytes streamed to the real registry behind. */

type Visit = ReturnType<typeof recordOf>;

function recordOf(world: World, site: Site, request: http.IncomingMessage, token: string | null, owner?: Token) {
  return world.record<RegistryRecord>({
    on: 'registry',
    at: new Date(world.clock.now()).toISOString(),
    host: site.host,
    method: request.method ?? '',
    // the upload state is half a kilobyte of noise
    path: (request.url ?? '').replace(/[?&]_state=[^&]*/, ''),
    token,
    accessKeyId: owner?.accessKeyId ?? null,
    rootKeyId: owner?.rootKeyId ?? null,
    status: 0,
    fault: false,
  });
}

function answer(request: http.IncomingMessage, response: http.ServerResponse, record: Visit, refusal: Refusal): void {
  request.resume();
  record.status = refusal.status;
  response.writeHead(refusal.status, { 'content-type': 'application/json', ...refusal.headers });
  response.end(refusal.body);
}

function matches(fault: RegistryFault, request: http.IncomingMessage, record: Visit): boolean {
  const match = fault.match ?? {};
  if (match.method !== undefined && match.method !== record.method) return false;
  if (match.path !== undefined && !new RegExp(match.path).test(request.url ?? '')) return false;
  if (match.host !== undefined && match.host !== record.host) return false;
  const keys = [record.accessKeyId, record.rootKeyId];
  return match.accessKeyId === undefined || keys.includes(match.accessKeyId);
}

function notePush(world: World, site: Site, request: http.IncomingMessage, reply: http.IncomingMessage): void {
  const target = parseTarget(request.url ?? '');
  const digest = reply.headers['docker-content-digest'];
  if (request.method !== 'PUT' || target?.kind !== 'manifests' || reply.statusCode !== 201) return;
  const pushed = site.repositories.find(target.name)?.pushed;
  if (typeof digest === 'string' && pushed?.has(digest) === false) pushed.set(digest, world.clock.now());
}

const hopByHop = ['connection', 'keep-alive', 'transfer-encoding'];

function endToEnd(headers: http.IncomingHttpHeaders): http.OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.includes(name)));
}

class Front {
  constructor(
    private readonly world: World,
    private readonly siteOf: (request: http.IncomingMessage) => Site | undefined,
    private readonly scheme: string,
  ) {}

  async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const site = this.siteOf(request);
    if (site === undefined) {
      response.writeHead(421).end();
      return;
    }
    const { verdict, token } = this.world.judge(request.headers.authorization, site);
    const name = token?.id ?? (verdict === 'none' ? null : 'unknown');
    const record = recordOf(this.world, site, request, name, token);
    const fault = this.world.registryFaults.take((candidate) => matches(candidate, request, record));
    if (fault !== undefined) {
      record.fault = true;
      const refusal = await suffer(fault.action, request);
      if (refusal === 'over') return;
      if (refusal !== 'go on') return answer(request, response, record, refusal);
    }
    const refused = loginRefusal(verdict) ?? (await this.refusal(site, request, token));
    if (refused) answer(request, response, record, refused);
    else this.forward(site, request, response, record);
  }

  private async refusal(site: Site, request: http.IncomingMessage, token: Token | undefined) {
    const [method, target] = [request.method ?? '', parseTarget(request.url ?? '')];
    if (target === undefined) return undefined;
    return deniedRefusal(this.world, site, method, target, token) ?? (await repositoryRefusal(site, method, target));
  }

  private forward(site: Site, request: http.IncomingMessage, response: http.ServerResponse, record: Visit): void {
    const { port, authorization, agent } = site.upstream;
    // Host stays the client's and the scheme is told: the registry builds its Location headers from them.
    const headers = { ...endToEnd(request.headers), authorization, 'x-forwarded-proto': this.scheme };
    const options = { host: '127.0.0.1', port, method: request.method, path: request.url, headers, agent };
    const upstream = http.request(options, (reply) => {
      notePush(this.world, site, request, reply);
      record.status = reply.statusCode ?? 0;
      response.writeHead(record.status, endToEnd(reply.headers));
      pipeline(reply, response, () => undefined);
    });
    upstream.on('error', (error) => {
      if (response.headersSent || response.destroyed) response.destroy();
      else answer(request, response, record, registryError(502, 'UNKNOWN', `lab registry: ${error.message}`));
    });
    // A daemon that goes away in the middle of an upload takes the upload with it.
    response.on('close', () => {
      if (!response.writableFinished) upstream.destroy();
    });
    request.pipe(upstream);
  }
}

export interface FrontOptions {
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly key: Buffer; readonly cert: Buffer };
  readonly siteOf: (request: http.IncomingMessage) => Site | undefined;
}

export async function startRegistryFront(world: World, options: FrontOptions): Promise<Listening> {
  const front = new Front(world, options.siteOf, options.tls === undefined ? 'http' : 'https');
  const handler = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    front.serve(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  };
  const server =
    options.tls === undefined ? http.createServer(handler) : https.createServer({ ...options.tls }, handler);
  // Uploads may be slow on purpose.
  server.requestTimeout = 0;
  server.on('connection', (socket: Socket) => socket.on('error', () => undefined));
  return listen(server, options.host, options.port);
}
