import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import { join } from 'node:path';

/** A client of the Docker Engine API that shares nothing with the product: what it says about a daemon is a second opinion. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = Record<string, Json>;

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface RegistryLogin {
  readonly username: string;
  readonly password: string;
  readonly serveraddress?: string;
}

export class EngineApiError extends Error {
  constructor(
    readonly status: number,
    text: string,
  ) {
    super(text);
  }
}

/** What a build or push stream said, event by event. */
export interface Stream {
  readonly status: number;
  readonly events: readonly JsonObject[];
  /** Text of the first error event */
  readonly error: string | undefined;
}

type Query = Record<string, string> | [string, string][];

function target(url: string, certFolder: string | undefined): https.RequestOptions {
  if (url.startsWith('unix://')) return { socketPath: url.slice('unix://'.length) };
  const { hostname, port } = new URL(url.replace(/^tcp:/, 'http:'));
  const tls = (name: string) => (certFolder === undefined ? undefined : readFileSync(join(certFolder, name)));
  return { host: hostname, port, ca: tls('ca.pem'), cert: tls('cert.pem'), key: tls('key.pem') };
}

export class EngineApi {
  private readonly target: https.RequestOptions;
  private readonly secure: boolean;

  constructor(url: string, certFolder?: string) {
    this.target = target(url, certFolder);
    this.secure = certFolder !== undefined;
  }

  async request(
    method: string,
    path: string,
    body?: Buffer,
    headers: http.OutgoingHttpHeaders = {},
    signal?: AbortSignal,
  ): Promise<Answer> {
    const { bytes, ...answer } = await this.call(method, path, body, headers, signal);
    return { ...answer, body: bytes.toString() };
  }

  /** What comes back from a call that must succeed, byte for byte. */
  async download(path: string): Promise<Buffer> {
    const { status, bytes } = await this.call('GET', path);
    if (status !== 200) throw new EngineApiError(status, `GET ${path}: ${bytes.toString().trim()}`);
    return bytes;
  }

  private call(
    method: string,
    path: string,
    body?: Buffer,
    headers: http.OutgoingHttpHeaders = {},
    signal?: AbortSignal,
  ): Promise<Omit<Answer, 'body'> & { readonly bytes: Buffer }> {
    return new Promise((resolve, reject) => {
      const options = { ...this.target, method, path, headers, signal, agent: false as const };
      const request = (this.secure ? https : http).request(options, (reply) => {
        const chunks: Buffer[] = [];
        reply.on('data', (chunk: Buffer) => chunks.push(chunk));
        reply.on('error', reject);
        reply.on('end', () =>
          resolve({ status: reply.statusCode ?? 0, headers: reply.headers, bytes: Buffer.concat(chunks) }),
        );
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  /** Parsed reply of a call that must succeed. */
  async json(method: string, path: string, body?: Json): Promise<JsonObject> {
    const sent = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const answer = await this.request(method, path, sent, { 'content-type': 'application/json' });
    if (answer.status >= 400) throw new EngineApiError(answer.status, `${method} ${path}: ${answer.body.trim()}`);
    return answer.body.startsWith('{') ? (JSON.parse(answer.body) as JsonObject) : {};
  }

  async stream(
    path: string,
    query: Query,
    body?: Buffer,
    headers?: http.OutgoingHttpHeaders,
    signal?: AbortSignal,
  ): Promise<Stream> {
    const target = `${path}?${new URLSearchParams(query).toString()}`;
    const answer = await this.request('POST', target, body, headers, signal);
    const events = answer.body
      .split('\n')
      .filter((line) => line.trim().startsWith('{'))
      .map((line) => JSON.parse(line) as JsonObject);
    const failed = events.find((event) => typeof event['error'] === 'string' || typeof event['message'] === 'string');
    const text = failed?.['error'] ?? failed?.['message'];
    return { status: answer.status, events, error: typeof text === 'string' ? text : undefined };
  }

  /** `version: '1'` classic, `'2'` BuildKit (a tar body and no session: local bases only). */
  build(context: Buffer, query: Record<string, string>): Promise<Stream> {
    return this.stream('/build', { forcerm: '1', ...query }, context, { 'content-type': 'application/x-tar' });
  }

  tag(image: string, repo: string, tag: string): Promise<JsonObject> {
    return this.json('POST', `/images/${image}/tag?${new URLSearchParams({ repo, tag }).toString()}`);
  }

  push(repo: string, tag: string, login: RegistryLogin, signal?: AbortSignal): Promise<Stream> {
    const headers = { 'x-registry-auth': registryAuth(login) };
    return this.stream(`/images/${repo}/push`, { tag }, undefined, headers, signal);
  }

  pull(fromImage: string, tag: string, login: RegistryLogin): Promise<Stream> {
    return this.stream('/images/create', { fromImage, tag }, undefined, { 'x-registry-auth': registryAuth(login) });
  }
}

/** Padded base64url: daemons take an unpadded header for no header at all. */
export function registryAuth(login: RegistryLogin): string {
  return Buffer.from(JSON.stringify(login)).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}

/** The id in a build stream's last aux event. */
export function builtImage(stream: Stream): string {
  const ids = stream.events.flatMap((event) => {
    const aux = event['aux'];
    return typeof aux === 'object' && aux !== null && !Array.isArray(aux) && typeof aux['ID'] === 'string'
      ? [aux['ID']]
      : [];
  });
  const last = ids.at(-1);
  if (last === undefined) throw new Error(`no image was built: ${stream.error ?? JSON.stringify(stream.events)}`);
  return last;
}

/** The digest in a push stream's status line; every engine sends it, aux it does not. */
export function pushedDigest(stream: Stream): string {
  for (const { status } of stream.events) {
    const found = typeof status === 'string' ? /: digest: (sha256:[0-9a-f]{64}) size: \d+$/.exec(status) : null;
    if (found?.[1] !== undefined) return found[1];
  }
  throw new Error(`nothing was pushed: ${stream.error ?? JSON.stringify(stream.events)}`);
}
