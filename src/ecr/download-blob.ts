import * as http from 'node:http';
import * as https from 'node:https';
import { StepError } from '../domain/errors';
import type { Digest } from '../domain/image-ref';
import type { AwsSession } from './aws-session';
import { blobRefused, blobUnreachable, blobUnusable } from './blob-errors';
import { digestOfText } from './manifest';
import { untilAborted } from './until-aborted';

// A config holds a history line and a digest for each layer: a few KB, and a label of 1 MB is a rare thing.
const MOST_BYTES = 4 * 1024 * 1024;
const LIMIT_MS = 15_000;

/**
 * Fetches a blob from the signed URL that AWS hands out, and believes it by its digest. No credentials go there: the URL
 * is one itself, so only its origin is ever shown.
 */
export async function downloadBlob(
  text: string,
  digest: Digest,
  { agent, standIn }: Pick<AwsSession, 'agent' | 'standIn'>,
  signal: AbortSignal,
): Promise<Buffer> {
  const url = usable(text, standIn);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  try {
    const blob = await untilAborted(() => get(url, agent, limit), limit);
    if (digestOfText(blob) !== digest) throw blobUnusable(url, `is not ${digest}`);
    return blob;
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof StepError ? error : blobUnreachable(url, error);
  }
}

/** What comes over the line decides whether an image is built: off this host never without TLS. */
function usable(text: string, standIn: boolean): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:') return url;
  if (url?.protocol === 'http:' && standIn && isLoopback(url.hostname)) return url;
  throw blobUnusable(url, 'is offered without TLS');
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

async function get(url: URL, agent: http.Agent, signal: AbortSignal): Promise<Buffer> {
  const response = await answerOf(url, agent, signal);
  const tooBig = Number(response.headers['content-length'] ?? 0) > MOST_BYTES;
  if (tooBig) throw discarded(response, blobUnusable(url, `has more than ${MOST_BYTES} bytes`));
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw discarded(response, blobUnusable(url, `has more than ${MOST_BYTES} bytes`));
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  // A redirect is none of S3's answers to a signed URL, and is not followed.
  if (response.statusCode !== 200) throw blobRefused(url, response.statusCode ?? 0, body.toString('utf8'));
  return body;
}

/** The agent knows proxy and CAs; a stand-in over plain http is on this host. */
function answerOf(url: URL, agent: http.Agent, signal: AbortSignal): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent =
      url.protocol === 'https:'
        ? https.request(url, { agent, signal }, resolve)
        : http.request(url, { agent: false, signal }, resolve);
    sent.on('error', reject).end();
  });
}

function discarded(response: http.IncomingMessage, error: StepError): StepError {
  response.destroy();
  return error;
}
