import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  /** Paths of PEM files. */
  readonly key: string;
  readonly cert: string;
  remove(): void;
}

/** For this host, and for a name that only a proxy can find. */
export const ELSEWHERE = 'aws.test';

/** A certificate that signed itself. */
export function selfSigned(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'ecr-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const names = `subjectAltName=IP:127.0.0.1,DNS:${ELSEWHERE}`;
  const subject = ['-subj', '/CN=localhost', '-addext', names, '-days', '2'];
  const files = ['-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert];
  execFileSync('openssl', ['req', '-x509', ...subject, ...files], { stdio: 'ignore' });
  return { key, cert, remove: () => rmSync(folder, { recursive: true }) };
}

export interface Secured {
  readonly endpoint: string;
  readonly cert: string;
  readonly close: () => void;
}

/** An https server with such a certificate; it knows nothing. */
export async function secured(): Promise<Secured> {
  const { key, cert, remove } = selfSigned();
  const server = https.createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_request, response) => {
    response.writeHead(404).end('<html>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    server.closeAllConnections();
    server.close();
    remove();
  };
  return { endpoint: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, cert, close };
}
