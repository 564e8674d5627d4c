import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificate } from './self-signed';

/** One request as AWS would see it. */
export interface Seen {
  /** `GetAuthorizationToken` (JSON 1.1), `AssumeRole` (query protocol), else `GET /path`. */
  readonly operation: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A few of AWS's operations over real HTTP, as far as this room calls them; it keeps no state but what was asked. */
export interface FakeAws {
  readonly url: string;
  readonly port: number;
  readonly seen: readonly Seen[];
  /** Replies in turn; the last one stays. */
  answer(operation: string, ...replies: readonly [Reply, ...Reply[]]): void;
  operations(): string[];
  bodies(operation: string): unknown[];
  close(): Promise<void>;
}

export function json(data: unknown): Reply {
  return { status: 200, body: JSON.stringify(data), headers: { 'content-type': 'application/x-amz-json-1.1' } };
}

export function fault(
  name: string,
  message: string,
  status = 400,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return { ...json({ __type: name, message }), status, headers };
}

/** What STS answers when a role is assumed; its query protocol is XML. */
export function assumed(action: string, key: string, expiration = '2036-01-01T00:00:00Z'): Reply {
  const body =
    `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result><Credentials>` +
    `<AccessKeyId>${key}</AccessKeyId><SecretAccessKey>role-secret</SecretAccessKey>` +
    `<SessionToken>role-session-${key}</SessionToken><Expiration>${expiration}</Expiration></Credentials>` +
    '<AssumedRoleUser><Arn>arn:aws:sts::111122223333:assumed-role/gocd-push/x</Arn>' +
    `<AssumedRoleId>A:x</AssumedRoleId></AssumedRoleUser></${action}Result></${action}Response>`;
  return { status: 200, body, headers: { 'content-type': 'text/xml' } };
}

export function stsFault(code: string, message: string): Reply {
  const body = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
  return { status: 403, body, headers: { 'content-type': 'text/xml' } };
}

export async function startFakeAws(certificate?: Certificate): Promise<FakeAws> {
  const seen: Seen[] = [];
  const replies = new Map<string, Reply[]>();
  const take: http.RequestListener = (request, response) => {
    void readAll(request).then((body) => {
      const operation = operationOf(request, body);
      seen.push({ operation, headers: request.headers, body });
      const queue = replies.get(operation) ?? [fault('UnknownOperationException', `no answer for ${operation}`)];
      const reply = (queue.length > 1 ? queue.shift() : queue[0])!;
      response.writeHead(reply.status, reply.headers).end(reply.body);
    });
  };
  const server =
    certificate === undefined
      ? http.createServer(take)
      : https.createServer({ key: readFileSync(certificate.key), cert: readFileSync(certificate.cert) }, take);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    seen,
    answer: (operation, ...given) => void replies.set(operation, [...given]),
    operations: () => seen.map((one) => one.operation),
    bodies: (operation) =>
      seen.filter((one) => one.operation === operation).map((one) => JSON.parse(one.body) as unknown),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function readAll(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function operationOf(request: http.IncomingMessage, body: string): string {
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') return target.slice(target.indexOf('.') + 1);
  const form = request.headers['content-type']?.includes('x-www-form-urlencoded') === true;
  return (form ? new URLSearchParams(body).get('Action') : null) ?? `${request.method ?? ''} ${request.url ?? ''}`;
}
