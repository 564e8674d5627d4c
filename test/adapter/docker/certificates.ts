import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Pem {
  readonly cert: string;
  readonly key: string;
}

/** Valid from and until, as openssl writes time. */
export interface Validity {
  readonly from: string;
  readonly until: string;
}

const NOW: Validity = { from: '20200101000000Z', until: '20990101000000Z' };

const CONFIG = `[ca]
default_ca=own
[own]
database=index.txt
new_certs_dir=.
certificate=ca.pem
private_key=ca-key.pem
rand_serial=yes
default_md=sha256
policy=any
unique_subject=no
[any]
commonName=supplied
[req]
distinguished_name=any
[authority]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign
`;

/** An authority of a test's own, by openssl, in a folder of its own. */
export class Authority {
  private constructor(private readonly folder: string) {}

  static async create(folder: string, name: string): Promise<Authority> {
    await mkdir(folder);
    await writeFile(join(folder, 'openssl.cnf'), CONFIG);
    await writeFile(join(folder, 'index.txt'), '');
    const authority = new Authority(folder);
    const files = ['-keyout', 'ca-key.pem', '-out', 'ca.pem', '-extensions', 'authority', '-days', '2'];
    await authority.#openssl('req', '-x509', ...KEY, '-subj', `/CN=${name}`, ...files, '-config', 'openssl.cnf');
    return authority;
  }

  certificate(): Promise<string> {
    return readFile(join(this.folder, 'ca.pem'), 'utf8');
  }

  get path(): string {
    return join(this.folder, 'ca.pem');
  }

  /** `extension`: `subjectAltName=IP:127.0.0.1` for a server, `extendedKeyUsage=clientAuth` for a client. */
  async issue(name: string, extension: string, validity = NOW): Promise<Pem> {
    await writeFile(join(this.folder, `${name}.ext`), `${extension}\n`);
    const request = ['-keyout', `${name}-key.pem`, '-out', `${name}.csr`, '-subj', `/CN=${name}`];
    await this.#openssl('req', '-new', ...KEY, ...request, '-config', 'openssl.cnf');
    const dates = ['-startdate', validity.from, '-enddate', validity.until];
    const files = ['-in', `${name}.csr`, '-out', `${name}.pem`, '-extfile', `${name}.ext`];
    await this.#openssl('ca', '-batch', '-notext', '-config', 'openssl.cnf', ...dates, ...files);
    const read = (file: string): Promise<string> => readFile(join(this.folder, file), 'utf8');
    const [cert, key] = await Promise.all([read(`${name}.pem`), read(`${name}-key.pem`)]);
    return { cert, key };
  }

  async #openssl(...args: string[]): Promise<void> {
    await run('openssl', args, { cwd: this.folder });
  }
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** A folder as CertPath names one. */
export async function certFolder(folder: string, ca: string | undefined, client?: Partial<Pem>): Promise<string> {
  await mkdir(folder);
  if (ca !== undefined) await writeFile(join(folder, 'ca.pem'), ca);
  if (client?.cert !== undefined) await writeFile(join(folder, 'cert.pem'), client.cert);
  if (client?.key !== undefined) await writeFile(join(folder, 'key.pem'), client.key);
  return folder;
}
