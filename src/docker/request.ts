import type Dockerode from 'dockerode';
import { setMaxListeners } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { inspect } from 'node:util';
import type { StepError } from '../domain/errors';
import { wasStale } from './burst';
import type { Endpoint } from './endpoint';
import { connectionError, notDocker } from './errors/connection-errors';
import { isRecord, parseJson } from './json';

export interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Without version: the daemon's current one, never pinned. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: object;
  readonly body?: Readable;
}

/** A response whose status is not what was hoped for. */
export interface Refusal {
  readonly status: number;
  /** The daemon's message, or whatever text came instead. */
  readonly text: string;
}

/** Of an answer that is read whole, and of one line of a stream (security.md 6). */
export const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** An error text that is no JSON is a page of some proxy: its beginning tells which. */
const MAX_FOREIGN_TEXT = 2_000;

// docker-modem reads an unlisted status' body without any limit; all are listed, so that we read it.
const EVERY_STATUS = Object.fromEntries(Array.from({ length: 900 }, (_, index) => [index + 100, true]));

/**
 * Sends one request; the answer's body has not been read yet. Every failure is a StepError, but for an abort: then what
 * is thrown is the signal's reason, at once.
 */
export async function send(endpoint: Endpoint, call: Call, signal: AbortSignal): Promise<IncomingMessage> {
  setMaxListeners(0, signal); // each request of a run listens, and some run side by side
  signal.throwIfAborted();
  const again = (error: unknown): Promise<IncomingMessage> => {
    signal.throwIfAborted();
    if (call.method !== 'POST' && wasStale(error)) return dial(endpoint.client, call, signal);
    throw error;
  };
  const response = await dial(endpoint.client, call, signal)
    .catch(again)
    .catch((error: unknown) => {
      signal.throwIfAborted();
      throw connectionError(error, endpoint.where);
    });
  const status = response.statusCode ?? 0;
  if (status >= 300 && status < 400) {
    response.destroy();
    throw notDocker(endpoint.where, `it answered with a redirect (HTTP ${status})`);
  }
  return response;
}

function dial(client: Dockerode, call: Call, signal: AbortSignal): Promise<IncomingMessage> {
  const { query, body } = call;
  const modem = client.modem as { dial(options: object, done: (error: Error | null, answer: unknown) => void): void };
  return new Promise((resolve, reject) => {
    modem.dial(
      {
        method: call.method,
        path: query === undefined ? call.path : `${call.path}?`,
        options: { _query: query ?? {}, _body: call.json ?? {} },
        headers: hidden({ ...call.headers, ...(body && { 'Content-Type': 'application/x-tar' }) }),
        ...(body && { file: body }),
        isStream: true,
        statusCodes: EVERY_STATUS,
        abortSignal: signal,
      },
      (error, answer) => {
        if (error === null) resolve(answer as IncomingMessage);
        else reject(error);
      },
    );
  });
}

/** docker-modem prints its options when DEBUG is set; credentials are in these headers. */
function hidden(headers: Record<string, string>): Record<string, string> {
  return Object.defineProperty(headers, inspect.custom, { value: () => '****', enumerable: false });
}

/** Reads an answer to its end. */
export async function readText(endpoint: Endpoint, response: IncomingMessage, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunksOf(endpoint, response, signal)) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw notDocker(endpoint.where, 'its answer is larger than 16 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The answer's body; a connection that breaks is a StepError, an abort ends it at once. */
export async function* chunksOf(
  endpoint: Endpoint,
  response: IncomingMessage,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void> {
  const stop = (): void => void response.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    for await (const chunk of response) yield chunk as Buffer;
    signal.throwIfAborted();
  } catch (error) {
    signal.throwIfAborted();
    throw connectionError(error, endpoint.where);
  } finally {
    signal.removeEventListener('abort', stop);
    response.destroy();
  }
}

/**
 * One whole exchange. `refused` says what another status than 2xx means: an error, or undefined where it is an answer
 * too, such as the 404 for an image that is not there; then undefined is what comes back.
 */
export async function exchange(
  endpoint: Endpoint,
  call: Call,
  signal: AbortSignal,
  refused: (refusal: Refusal) => StepError | undefined,
): Promise<{ readonly body: unknown } | undefined> {
  const response = await send(endpoint, call, signal);
  const text = await readText(endpoint, response, signal);
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return { body: parseJson(text) };
  const error = refused(refusalOf(status, text));
  if (error !== undefined) throw error;
  return undefined;
}

export function refusalOf(status: number, body: string): Refusal {
  const said = parseJson(body);
  const message = isRecord(said) ? (said['message'] ?? said['cause'] ?? said['error']) : undefined;
  return { status, text: typeof message === 'string' ? message : body.trim().slice(0, MAX_FOREIGN_TEXT) };
}
