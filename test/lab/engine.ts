import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeBridge } from './bridge';
import { engineCertificates, type EngineCertificates } from './certificates';
import { EngineApi, type JsonObject } from './engine-api';
import { engineFiles, launch, type EngineFiles, type EngineNames } from './engine-launch';
import { labFolderPrefix } from './places';
import { bridgeName, claim, removeDeadLabs, removeEngine, removeLab } from './reaper';
import { freePort, startRelay } from './relay';
import type { EngineKind, EngineState } from './state';

export interface EngineOptions {
  readonly kind: EngineKind;
  /** Its folder's parent; blank: a lab folder of its own, removed by stop() */
  readonly labFolder?: string;
  readonly names?: EngineNames;
}

export interface Engine extends EngineState {
  stop(): Promise<void>;
}

const startLimitMs = 30_000;

async function whenUp(child: ChildProcess, files: EngineFiles, api: EngineApi): Promise<void> {
  let ended: string | undefined;
  child.once('error', (error) => (ended = error.message));
  child.once('exit', (code, signal) => (ended = `exit ${code ?? signal ?? '?'}`));
  for (const started = Date.now(); Date.now() - started < startLimitMs; await sleep(15)) {
    if (ended !== undefined) throw new Error(`dockerd did not start (${ended}):\n${await tail(files.log)}`);
    const answer = await api.request('GET', '/_ping').catch(() => undefined);
    if (answer?.status === 200) return;
  }
  throw new Error(`dockerd is not up after ${startLimitMs / 1000} s:\n${await tail(files.log)}`);
}

async function tail(path: string): Promise<string> {
  const log = await readFile(path, 'utf8').catch(() => '(no log)');
  return log.split('\n').slice(-15).join('\n');
}

function word(object: JsonObject, key: string): string {
  const value = object[key];
  return typeof value === 'string' ? value : '';
}

export async function describeEngine(api: EngineApi): Promise<Pick<EngineState, 'version' | 'apiVersion' | 'store'>> {
  const [version, info] = await Promise.all([api.json('GET', '/version'), api.json('GET', '/info')]);
  const containerd = JSON.stringify(info['DriverStatus']).includes('io.containerd.snapshotter');
  const store = containerd ? 'containerd' : 'classic';
  return { version: word(version, 'Version'), apiVersion: word(version, 'ApiVersion'), store };
}

async function stopDaemon(child: ChildProcess | undefined, folder: string): Promise<void> {
  if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    // A busy daemon waits 10 s for its containers; nothing of it is worth waiting for.
    await Promise.race([gone, sleep(3000)]);
  }
  await removeEngine(folder);
}

interface Daemon {
  readonly child: ChildProcess;
  readonly certs: EngineCertificates;
  readonly tlsPort: number;
}

async function startDaemon(options: EngineOptions, files: EngineFiles): Promise<Daemon> {
  const bridge = bridgeName(files.folder);
  const certsFolder = join(files.folder, 'certs');
  await mkdir(certsFolder);
  const [certs, tlsPort] = await Promise.all([engineCertificates(certsFolder), freePort(), makeBridge(bridge)]);
  const child = await launch({ kind: options.kind, files, bridge, tlsPort, certs, names: options.names });
  return { child, certs, tlsPort };
}

async function connect(options: EngineOptions, files: EngineFiles, daemon: Daemon): Promise<Engine> {
  const api = new EngineApi(`unix://${files.socket}`);
  await whenUp(daemon.child, files, api);
  const said = await describeEngine(api);
  const relay = await startRelay({ path: files.socket }, { host: '127.0.0.1', port: 0 });
  return {
    kind: options.kind,
    ...said,
    unixUrl: `unix://${files.socket}`,
    plainUrl: `tcp://127.0.0.1:${relay.port}`,
    tlsUrl: `tcp://127.0.0.1:${daemon.tlsPort}`,
    certFolder: daemon.certs.certFolder,
    foreignCertFolder: daemon.certs.foreignCertFolder,
    pid: daemon.child.pid ?? 0,
    logPath: files.log,
    stop: async () => {
      await relay.stop();
      await stopDaemon(daemon.child, files.folder);
    },
  };
}

/** A daemon with socket, roots, bridge, /etc and certificates of its own; stop() leaves nothing. Root only. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  if (process.getuid?.() !== 0) {
    throw new Error('the lab starts a Docker daemon, which needs root; or set LAB_DOCKER_HOST');
  }
  if (options.labFolder === undefined) return startAlone(options);
  const files = engineFiles(await mkdtemp(join(options.labFolder, `engine-${options.kind}-`)));
  let daemon: Daemon | undefined;
  try {
    daemon = await startDaemon(options, files);
    return await connect(options, files, daemon);
  } catch (error) {
    await stopDaemon(daemon?.child, files.folder);
    throw error;
  }
}

async function startAlone(options: EngineOptions): Promise<Engine> {
  await removeDeadLabs();
  const labFolder = await mkdtemp(labFolderPrefix);
  await claim(labFolder);
  const engine = await startEngine({ ...options, labFolder }).catch(async (error: unknown) => {
    await removeLab(labFolder);
    throw error;
  });
  return { ...engine, stop: () => engine.stop().then(() => removeLab(labFolder)) };
}
