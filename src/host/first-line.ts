import type { Readable } from 'node:stream';
import { MalformedRequest } from '../protocol/malformed-request';

/** The stream's first line, without its end. The stream stays open: its end is how we learn that the parent is gone. */
export function firstLine(input: Readable, limit: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer): void => {
      const end = chunk.indexOf(0x0a);
      size += end < 0 ? chunk.length : end;
      if (size > limit) reject(new MalformedRequest(`The start line is longer than ${limit} bytes`));
      chunks.push(end < 0 ? chunk : chunk.subarray(0, end));
      if (end < 0 && size <= limit) return;
      input.off('data', take);
      input.resume();
      resolve(Buffer.concat(chunks).toString('utf8'));
    };
    input.on('data', take);
    input.once('end', () => reject(new MalformedRequest('There is no start line')));
    input.once('error', reject);
  });
}
