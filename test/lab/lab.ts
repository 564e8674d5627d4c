import { mkdtemp } from 'node:fs/promises';
import { adoptEngine } from './external-engine';
import { baseImage } from './base-image';
import { startDebianRegistry, type DebianRegistry } from './debian-registry';
import { ecrHostSites, publicSite, startEcrHosts, type EcrHosts } from './ecr-hosts';
import { startEcrEndpoint } from './ecr-endpoint';
import { startEngine, type Engine } from './engine';
import { EngineApi } from './engine-api';
import { startAdmin } from './admin';
import { startForeignRegistry } from './foreign-registry';
import { labFolderPrefix } from './places';
import { claim, removeDeadLabs, removeLab } from './reaper';
import { startPrivateRegistry } from './private-registry';
import { startRegistryFront } from './registry-front';
import { RepositoryBook } from './repository-book';
import { engineKinds, type EngineKind, type EngineState, type LabState, type RegistryState } from './state';
import { World, type Site } from './world';

/** Engine, registries, AWS and a base image, started together and stopped together. */

export interface LabOptions {
  readonly engine: EngineKind;
  /** Use this daemon instead of starting one */
  readonly dockerHost?: string;
}

export interface Lab {
  readonly state: LabState;
  stop(): Promise<void>;
}

const home = { account: '123456789012', region: 'eu-west-1' };

/** LAB_ENGINE and LAB_DOCKER_HOST. */
export function labOptions(env: NodeJS.ProcessEnv): LabOptions {
  const [engine = 'debian', dockerHost] = [env['LAB_ENGINE'], env['LAB_DOCKER_HOST']];
  const known = engineKinds.find((kind) => kind === engine);
  if (known === undefined) throw new Error(`LAB_ENGINE=${engine}: known are ${engineKinds.join(', ')}`);
  return { engine: known, ...(dockerHost !== undefined && dockerHost !== '' && { dockerHost }) };
}

type Stop = () => Promise<void>;

/** What has been started, to be stopped in reverse order, each whatever became of the others. */
class Started {
  private readonly stops: Stop[] = [];

  async add<T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> {
    const one = await starting;
    this.stops.push(() => one.stop());
    return one;
  }

  async stop(): Promise<void> {
    for (const stop of this.stops.reverse()) {
      await stop().catch((error: unknown) => console.error(`lab: ${String(error)}`));
    }
  }
}

function siteOn(where: RegistryState, registry: DebianRegistry): Site {
  return { ...where, repositories: new RepositoryBook(), upstream: registry.upstream };
}

async function startHome(world: World, started: Started, folder: string): Promise<Site> {
  const registry = await started.add(startDebianRegistry(folder, 'registry'));
  const sites: Site[] = [];
  const options = { host: '127.0.0.1', port: 0, siteOf: () => sites[0] };
  const { port } = await started.add(startRegistryFront(world, options));
  const host = `127.0.0.1:${port}`;
  const site = siteOn({ ...home, host, url: `http://${host}` }, registry);
  sites.push(site);
  return site;
}

async function startEcrSites(world: World, started: Started, folder: string): Promise<EcrHosts & { sites: Site[] }> {
  const registries = ecrHostSites.map((site) => started.add(startDebianRegistry(folder, `registry-${site.region}`)));
  const running = await Promise.all(registries);
  const sites = running.map((registry, index) => siteOn(ecrHostSites[index]!, registry));
  sites.push(siteOn(publicSite, running[0]!)); // in the same storage, under repositories of its own
  const hosts = await started.add(startEcrHosts(world, sites, folder));
  return { ...hosts, sites };
}

async function startEngineOf(
  options: LabOptions,
  started: Started,
  folder: string,
  hosts: Promise<EcrHosts> | undefined,
) {
  const names = (await hosts)?.names;
  const engine: Promise<Engine> =
    options.dockerHost !== undefined
      ? adoptEngine(options.dockerHost, folder)
      : startEngine({ kind: options.engine, labFolder: folder, ...(names !== undefined && { names }) });
  return started.add(engine);
}

function stateOf(engine: Engine): EngineState {
  const state: EngineState & { stop?: unknown } = { ...engine };
  delete state.stop;
  return state;
}

function plain({ account, region, host, url }: Site): RegistryState {
  return { account, region, host, url };
}

async function startServers(world: World, started: Started, folder: string) {
  const foreign = await started.add(startForeignRegistry(world));
  const privateOne = await started.add(startPrivateRegistry(world, folder));
  const aws = await started.add(startEcrEndpoint(world));
  const admin = await started.add(startAdmin(world));
  const url = ({ port }: { port: number }) => `http://127.0.0.1:${port}`;
  return {
    foreignHost: `127.0.0.1:${foreign.port}`,
    privateHost: privateOne.host,
    awsUrl: url(aws),
    adminUrl: url(admin),
  };
}

async function startAll(options: LabOptions, started: Started, folder: string): Promise<LabState> {
  const world = new World(home.account);
  const ecrStart = options.dockerHost === undefined ? startEcrSites(world, started, folder) : undefined;
  const engineStart = startEngineOf(options, started, folder, ecrStart);
  const imageStart = engineStart.then((engine) => baseImage(new EngineApi(engine.unixUrl)));
  const homeStart = startHome(world, started, folder);
  const serversStart = startServers(world, started, folder);
  // A failure is told only when nothing is still starting: what starts late would never be stopped.
  await Promise.allSettled([ecrStart, imageStart, homeStart, serversStart]);
  const ecrSites = (await ecrStart)?.sites ?? [];
  const site = await homeStart;
  world.sites.push(site, ...ecrSites);
  return {
    engine: stateOf(await engineStart),
    registry: plain(site),
    ecrRegistries: ecrSites.map(plain).filter(({ host }) => host !== publicSite.host),
    ...(await serversStart),
    baseImage: await imageStart,
    folder,
  };
}

export async function startLab(options: LabOptions): Promise<Lab> {
  await removeDeadLabs();
  const folder = await mkdtemp(labFolderPrefix);
  await claim(folder);
  const started = new Started();
  const stop = async (): Promise<void> => {
    await started.stop();
    await removeLab(folder);
  };
  try {
    return { state: await startAll(options, started, folder), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
