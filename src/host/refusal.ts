import type { Request, Response } from 'express';

// Twice the largest legal body: whoever sends more is cut off. Less would reset the connection under a client that is
// still sending, and take the answer away with it.
const MAX_DISCARDED = 32 * 1024 * 1024;

/** A request that is answered with its status and a sentence, and then closed. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Answers at once, and throws away what is still coming before it closes. */
export function refuse(req: Request, res: Response, refusal: Refusal): void {
  if (res.headersSent) {
    res.destroy();
    return;
  }
  const body = JSON.stringify({ code: refusal.code, message: refusal.message });
  res.writeHead(refusal.status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  });
  res.write(body);
  discard(req, () => res.end());
}

function discard(req: Request, done: () => void): void {
  if (req.readableEnded) {
    done();
    return;
  }
  let seen = 0;
  req.on('data', (chunk: Buffer) => {
    seen += chunk.length;
    if (seen > MAX_DISCARDED) req.destroy();
  });
  req.on('end', done);
  req.on('error', () => undefined); // gone: nobody is left to answer
}
