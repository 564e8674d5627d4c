import type { ECRClient } from '@aws-sdk/client-ecr';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import { ServiceRefusal } from './service-refusal';

/** One call to a service that has no client here: what its client would cost is 50 KB for two calls. */
export interface SignedCall {
  /** As signatures name it: `sts`, `ecr-public`. */
  readonly service: string;
  readonly region: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

// Answers of these calls are a few hundred bytes.
const MOST_BYTES = 1024 * 1024;

/** Signs with the client's credentials and sends over its line; throws what a client of the SDK would. */
export async function sendSigned(client: ECRClient, call: SignedCall, abortSignal: AbortSignal): Promise<string> {
  const { service, region, url } = call;
  const { credentials, sha256, requestHandler } = client.config;
  const request = new HttpRequest({
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    path: url.pathname,
    headers: { ...call.headers, host: url.host },
    body: call.body,
  });
  const signed = await new SignatureV4({ service, region, credentials, sha256 }).sign(request);
  const options = { abortSignal };
  const { response } = (await requestHandler.handle(new HttpRequest({ ...signed }), options)) as { response: Answer };
  const body = await textOf(response.body);
  if (response.statusCode >= 200 && response.statusCode < 300) return body;
  throw new ServiceRefusal(response.statusCode, response.headers, body);
}

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Buffer>;
}

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MOST_BYTES) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
