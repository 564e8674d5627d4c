import { readFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';
import { ConfigError } from '../domain/errors';

/** The CAs of AWS_CA_BUNDLE beside the well-known ones; the JavaScript SDK, unlike the others, does not know it. */
export async function trustedCas(): Promise<readonly string[] | undefined> {
  const path = process.env['AWS_CA_BUNDLE'];
  if (path === undefined) return undefined;
  try {
    return [...rootCertificates, await readFile(path, 'utf8')];
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new ConfigError([{ field: 'AWS_CA_BUNDLE', message: `${path} cannot be read (${code})` }]);
  }
}
