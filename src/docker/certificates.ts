import { X509Certificate } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { StepError } from '../domain/errors';
import { describeOrigin, type Sourced } from '../domain/origin';
import type { PemPlan, TlsPlan } from '../domain/plan';
import type { Secret } from '../domain/secret';
import { readBeneath } from '../files/open-beneath';
import { messageOf } from './json';

/** What a TLS connection is made with, in PEM. */
export interface Certificates {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

type PemFile = 'ca.pem' | 'cert.pem' | 'key.pem';

/** A certificate has a few KiB, a bundle of all public authorities 200 KiB. */
const MAX_BYTES = 1024 * 1024;

/** Reads ca.pem, cert.pem and key.pem: the first is required for verification, the other two only go together. */
export async function readCertificates(tls: TlsPlan, jobFolder: string): Promise<Certificates> {
  const { certPath, pem } = tls;
  if (pem !== undefined) return certificatesOf(pem, tls.verify);
  if (certPath === undefined) return {};
  const read = (file: PemFile): Promise<Buffer | undefined> => readPem(certPath, file, jobFolder);
  const [ca, cert, key] = await Promise.all([
    tls.verify ? read('ca.pem') : undefined,
    read('cert.pem'),
    read('key.pem'),
  ]);
  if (tls.verify && ca === undefined) throw missing('ca.pem', certPath, 'needed to verify the daemon');
  if (cert === undefined && key !== undefined) throw missing('cert.pem', certPath, 'needed because key.pem is there');
  if (key === undefined && cert !== undefined) throw missing('key.pem', certPath, 'needed because cert.pem is there');
  if (ca) checkUsable(`ca.pem in ${label(certPath)}`, { ca }, FILES_HINT);
  if (cert && key) checkUsable(`cert.pem with key.pem in ${label(certPath)}`, { cert, key }, FILES_HINT);
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

/** From variables or settings: whole, for config has seen to that. Without an authority those count that this system knows. */
function certificatesOf(pem: PemPlan, verify: boolean): Certificates {
  const read = (one: Sourced<Secret> | undefined): Buffer | undefined => one && Buffer.from(one.value.reveal());
  const [ca, cert, key] = [verify ? read(pem.ca) : undefined, read(pem.cert), read(pem.key)];
  if (pem.ca && ca) checkUsable(`The authority in ${describeOrigin(pem.ca.origin)}`, { ca }, PEM_HINT);
  if (pem.cert && pem.key && cert && key) {
    const where = `${describeOrigin(pem.cert.origin)} with the key in ${describeOrigin(pem.key.origin)}`;
    checkUsable(`The client certificate in ${where}`, { cert, key }, PEM_HINT);
  }
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

/** undefined: the file is not there. What is there and cannot be read is an error. */
async function readPem(certPath: Sourced<string>, file: PemFile, jobFolder: string): Promise<Buffer | undefined> {
  const path = join(certPath.value, file);
  if (await isAbsent(resolve(jobFolder, path))) return undefined;
  return await readBeneath(jobFolder, path, {
    absolute: 'allowed', // the plan has decided who may say an absolute path
    what: `the certificate path of ${describeOrigin(certPath.origin)}`,
    maxBytes: MAX_BYTES,
    missing: (lookedFor, why) =>
      new StepError(
        'DAEMON_CERTIFICATES_MISSING',
        'agent-daemon',
        'environment',
        `${file} of ${label(certPath)} cannot be read: ${why} (looked for ${lookedFor})`,
        { hint: HINT },
      ),
  });
}

async function isAbsent(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return false;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR';
  }
}

const FILES_HINT =
  'The files must be PEM: ca.pem the authority, cert.pem the client certificate, key.pem its key without a passphrase';
const PEM_HINT = 'It must be PEM, whole and with its line ends; a key is without a passphrase and of that certificate';

/** Node takes an unusable authority for no authority at all, and would then refuse every daemon as unknown. */
function checkUsable(what: string, pem: Certificates, hint: string): void {
  try {
    if (pem.ca) new X509Certificate(pem.ca);
    createSecureContext(pem);
  } catch (cause) {
    const words = messageOf(cause);
    throw new StepError('DAEMON_TLS', 'agent-daemon', 'config', `${what} cannot be used`, { hint, words, cause });
  }
}

function missing(file: PemFile, certPath: Sourced<string>, why: string): StepError {
  return new StepError(
    'DAEMON_CERTIFICATES_MISSING',
    'agent-daemon',
    'config',
    `${file} is missing in ${label(certPath)}; it is ${why}`,
    { hint: HINT },
  );
}

const HINT =
  'The certificate path names a folder with ca.pem, cert.pem and key.pem, as DOCKER_CERT_PATH does for docker';

function label(certPath: Sourced<string>): string {
  return `${certPath.value} (${describeOrigin(certPath.origin)})`;
}
