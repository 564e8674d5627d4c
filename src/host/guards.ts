import type { Request } from 'express';
import { bearerMatches } from '../protocol/handshake';
import { Refusal } from './refusal';

/**
 * What every request must show before its body is read (security.md 5). The Host header keeps out a web page whose name
 * was rebound to 127.0.0.1; no program of ours sends an Origin.
 */
export function checkSender(req: Request, port: number): void {
  if (valuesOf(req, 'host').join() !== `127.0.0.1:${port}`) {
    throw new Refusal(403, 'FOREIGN_HOST', 'The request is for another host');
  }
  if (valuesOf(req, 'origin').length > 0) {
    throw new Refusal(403, 'FOREIGN_ORIGIN', 'The request comes from a web page');
  }
  if (req.headers.expect !== undefined) {
    throw new Refusal(417, 'EXPECTATION', 'The request expects something before it sends its body');
  }
}

export function checkToken(req: Request, token: Buffer): void {
  if (!bearerMatches(req.headers.authorization, token)) {
    throw new Refusal(401, 'UNAUTHORIZED', 'The request does not carry the token of this process');
  }
}

/** From the raw headers: Node keeps only the first of two Host headers. */
function valuesOf(req: Request, name: string): readonly string[] {
  return req.rawHeaders.filter((_, at) => at % 2 === 1 && req.rawHeaders[at - 1]?.toLowerCase() === name);
}
