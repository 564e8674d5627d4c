import type { IncomingMessage } from 'node:http';
import { AwsError } from './aws-errors';
import type { Identity } from './identities';
import type { Site, World } from './world';

/** One call of AWS's API, whatever its protocol. */
export interface AwsCall {
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly accessKeyId: string | null;
  readonly identity: Identity;
  readonly region: string;
  /** Where the caller can reach this server, for URLs in answers */
  readonly selfUrl: string;
}

export type Reply = Record<string, unknown>;
export type Operation = (call: AwsCall, world: World) => Promise<Reply> | Reply;

export interface Signature {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

export function signatureOf(request: IncomingMessage): Signature | undefined {
  const found = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/.exec(
    request.headers.authorization ?? '',
  );
  if (found === null) return undefined;
  const [, accessKeyId = '', region = '', service = ''] = found;
  return { accessKeyId, region, service };
}

export function header(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
}

export function text(call: AwsCall, key: string): string | undefined {
  const value = call.input[key];
  return typeof value === 'string' ? value : undefined;
}

export function list(call: AwsCall, key: string): unknown[] {
  const value = call.input[key];
  return Array.isArray(value) ? value : [];
}

export function accountOf(call: AwsCall): string {
  const [first] = list(call, 'registryIds');
  return text(call, 'registryId') ?? (typeof first === 'string' ? first : call.identity.account);
}

/** The registry a call is about; where the lab has none, every repository is missing. */
export function siteOf(call: AwsCall, world: World): Site | undefined {
  return world.site(accountOf(call), call.region);
}

export function required(call: AwsCall, key: string): string {
  const value = text(call, key);
  if (value !== undefined) return value;
  throw new AwsError(
    'InvalidParameterException',
    `Invalid parameter at '${key}' failed to satisfy constraint: 'must not be null'`,
  );
}
