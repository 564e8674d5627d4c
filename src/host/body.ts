import type { Request } from 'express';
import { Refusal } from './refusal';

/** The whole body as text. It is counted as it comes: a length that the client claims allocates nothing. */
export async function readBody(req: Request, limit: number): Promise<string> {
  if (req.headers['content-encoding'] !== undefined) {
    throw new Refusal(415, 'ENCODED_BODY', 'The request has a Content-Encoding, which nobody needs on loopback');
  }
  if (Number(req.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  return decode(await collect(req, limit));
}

function collect(req: Request, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= limit) {
        chunks.push(chunk);
        return;
      }
      req.off('data', take);
      reject(tooLarge(limit));
    };
    req.on('data', take);
    req.on('end', () => resolve(Buffer.concat(chunks)));
    req.on('error', () => reject(new Refusal(400, 'BODY_CUT', 'The request ended before its body did')));
  });
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal(400, 'MALFORMED', 'The request is not UTF-8');
  }
}

function tooLarge(limit: number): Refusal {
  return new Refusal(413, 'BODY_TOO_LARGE', `The request has a body of more than ${limit} bytes`);
}
