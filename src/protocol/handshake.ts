import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { asStringMap, parseJsonObject } from './json';
import { MalformedRequest } from './malformed-request';

const TOKEN = /^[0-9a-f]{64}$/;
// No colon: the proof is over nonce + ":" + port, and must have one reading.
const NONCE = /^[0-9A-Za-z_-]{16,256}$/;

/** The one line on stdin: who may ask, where relative paths begin, and the agent's environment. */
export interface StartLine {
  /** 32 bytes. */
  readonly token: Buffer;
  readonly cwd: string;
  readonly env: ReadonlyMap<string, string>;
}

export function parseStartLine(line: string): StartLine {
  const start = parseJsonObject(line, 'The start line');
  const token = start.get('token');
  if (typeof token !== 'string' || !TOKEN.test(token)) {
    throw new MalformedRequest('The start line has no token of 32 bytes in hex');
  }
  const cwd = start.get('cwd');
  if (typeof cwd !== 'string' || cwd === '' || cwd.includes('\0')) {
    throw new MalformedRequest('The start line has no cwd');
  }
  return { token: Buffer.from(token, 'hex'), cwd, env: asStringMap(start.get('env') ?? {}, 'env of the start line') };
}

export function parseHello(body: string): string {
  const nonce = parseJsonObject(body, 'The request').get('nonce');
  if (typeof nonce !== 'string' || !NONCE.test(nonce)) throw new MalformedRequest('The request has no nonce');
  return nonce;
}

/** Shows that whoever listens on this port knows the token, without telling it. */
export function proofOf(token: Buffer, nonce: string, port: number): string {
  return createHmac('sha256', token).update(`${nonce}:${port}`).digest('hex');
}

/** Compares in constant time; the lengths too, by comparing digests. */
export function bearerMatches(header: string | undefined, token: Buffer): boolean {
  const wanted = digest(`Bearer ${token.toString('hex')}`);
  return timingSafeEqual(digest(header ?? ''), wanted) && header !== undefined;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
