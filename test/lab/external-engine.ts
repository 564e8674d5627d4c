import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { engineCertificates, type EngineCertificates } from './certificates';
import { describeEngine, type Engine } from './engine';
import { EngineApi } from './engine-api';
import { startRelay, type Relay, type RelayTarget } from './relay';

/** A daemon that is there already (LAB_DOCKER_HOST), with the same three ways in as one of our own. */

function targetOf(url: string): RelayTarget {
  if (url.startsWith('unix://')) return { path: url.slice('unix://'.length) };
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'tcp:' || port === '') {
    throw new Error(`LAB_DOCKER_HOST=${url}: only unix:///path and plain tcp://host:port can be used by the lab`);
  }
  return { host: hostname, port: Number(port) };
}

async function tlsRelay(target: RelayTarget, certs: EngineCertificates): Promise<Relay> {
  const [ca, cert, key] = await Promise.all(
    [certs.authority.certificate, certs.server.certificate, certs.server.key].map((path) => readFile(path)),
  );
  const secure = { ca, cert, key, requestCert: true, rejectUnauthorized: true };
  return startRelay(target, { host: '127.0.0.1', port: 0 }, secure);
}

export async function adoptEngine(url: string, labFolder: string): Promise<Engine> {
  const target = targetOf(url);
  const said = await describeEngine(new EngineApi(url)).catch((error: unknown) => {
    throw new Error(`LAB_DOCKER_HOST=${url} does not answer: ${String(error)}`);
  });
  const certsFolder = join(labFolder, 'certs');
  await mkdir(certsFolder);
  const certs = await engineCertificates(certsFolder);
  const socket = join(labFolder, 'docker.sock');
  const relays = await Promise.all([
    startRelay(target, { host: '127.0.0.1', port: 0 }),
    tlsRelay(target, certs),
    startRelay(target, { path: socket }),
  ]);
  return {
    kind: 'external',
    ...said,
    unixUrl: `unix://${socket}`,
    plainUrl: `tcp://127.0.0.1:${relays[0].port}`,
    tlsUrl: `tcp://127.0.0.1:${relays[1].port}`,
    certFolder: certs.certFolder,
    foreignCertFolder: certs.foreignCertFolder,
    pid: 0,
    logPath: '',
    stop: async () => {
      await Promise.all(relays.map((relay) => relay.stop()));
    },
  };
}
