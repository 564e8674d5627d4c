import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './command';

/** Certificates by openssl: an authority, a certificate for a server or a client, valid for a week. */

const settings = '[req]\ndistinguished_name=dn\nprompt=no\n[dn]\nCN=lab\n';

export interface Authority {
  readonly certificate: string;
  readonly key: string;
}

function request(folder: string, name: string, subject: string, extensions: readonly string[]): string[] {
  const files = ['-keyout', join(folder, `${name}key.pem`), '-out', join(folder, `${name}cert.pem`)];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const added = extensions.flatMap((extension) => ['-addext', extension]);
  const config = ['-config', join(folder, 'openssl.cnf')];
  return ['req', '-x509', ...key, '-days', '7', '-subj', `/CN=${subject}`, ...files, ...config, ...added];
}

export async function makeAuthority(folder: string, name: string): Promise<Authority> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'openssl.cnf'), settings);
  const usage = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign'];
  await run('openssl', request(folder, 'authority-', name, usage));
  return { certificate: join(folder, 'authority-cert.pem'), key: join(folder, 'authority-key.pem') };
}

export interface Issued {
  readonly certificate: string;
  readonly key: string;
}

/** `names` as openssl spells them: `IP:127.0.0.1`, `DNS:localhost`. */
export async function issue(
  authority: Authority,
  folder: string,
  usage: 'serverAuth' | 'clientAuth',
  names: readonly string[],
): Promise<Issued> {
  const name = `${usage}-`;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'openssl.cnf'), settings);
  const extensions = [`extendedKeyUsage=${usage}`, 'basicConstraints=CA:FALSE'];
  if (names.length > 0) extensions.push(`subjectAltName=${names.join(',')}`);
  const signed = ['-CA', authority.certificate, '-CAkey', authority.key];
  await run('openssl', [...request(folder, name, 'lab', extensions), ...signed]);
  return { certificate: join(folder, `${name}cert.pem`), key: join(folder, `${name}key.pem`) };
}

/** A folder as DOCKER_CERT_PATH has it: ca.pem, cert.pem, key.pem and nothing else. */
export async function clientFolder(authority: Authority, folder: string): Promise<string> {
  const scratch = `${folder}-scratch`;
  const client = await issue(authority, scratch, 'clientAuth', []);
  await mkdir(folder, { recursive: true });
  await rename(client.certificate, join(folder, 'cert.pem'));
  await rename(client.key, join(folder, 'key.pem'));
  await run('cp', [authority.certificate, join(folder, 'ca.pem')]);
  await rm(scratch, { recursive: true });
  return folder;
}

export interface EngineCertificates {
  readonly authority: Authority;
  readonly server: Issued;
  readonly certFolder: string;
  readonly foreignCertFolder: string;
}

export async function engineCertificates(folder: string): Promise<EngineCertificates> {
  const own = async () => {
    const authority = await makeAuthority(join(folder, 'own'), 'lab authority');
    const names = ['IP:127.0.0.1', 'DNS:localhost'];
    const [server, certFolder] = await Promise.all([
      issue(authority, join(folder, 'server'), 'serverAuth', names),
      clientFolder(authority, join(folder, 'client')),
    ]);
    return { authority, server, certFolder };
  };
  const foreign = async () => {
    const authority = await makeAuthority(join(folder, 'foreign'), 'foreign authority');
    return clientFolder(authority, join(folder, 'foreign-client'));
  };
  const [made, foreignCertFolder] = await Promise.all([own(), foreign()]);
  return { ...made, foreignCertFolder };
}
