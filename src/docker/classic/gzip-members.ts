import { Transform, type TransformCallback } from 'node:stream';
import { gzip } from 'node:zlib';
import { GzipDecision } from './gzip-decision';

/** Makes each piece a gzip member of its own (RFC 1952, 2.2: they may follow each other), compressed where that pays. */
export class GzipMembers extends Transform {
  readonly #decision = new GzipDecision(performance.now());

  override _transform(piece: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const level = this.#decision.level();
    const begun = performance.now();
    gzip(piece, { level, chunkSize: piece.length + 1024 }, (error, member) => {
      const at = performance.now();
      if (!error) this.#decision.sent({ level, from: piece.length, to: member.length, ms: at - begun, at });
      done(error, member);
    });
  }
}
