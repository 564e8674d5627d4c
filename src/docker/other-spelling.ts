import { createHash } from 'node:crypto';
import type { Repository } from '../domain/image-ref';

/**
 * The host of a repository in upper and lower case letters, each repository's its own and always the same; undefined: it
 * has no letters. To DNS, TLS and HTTP it is the same host (RFC 4343, 6066, 9110).
 */
export function otherSpelling({ host, path }: Repository): string | undefined {
  const hash = createHash('sha256').update(path).digest();
  let letters = 0;
  const spelled = host.replace(/[a-z]/g, (letter) => {
    const bit = letters++ % (hash.length * 8);
    return ((hash[bit >>> 3] ?? 0) >>> (bit & 7)) & 1 ? letter.toUpperCase() : letter;
  });
  if (letters === 0) return undefined;
  return spelled === host ? host.toUpperCase() : spelled;
}
