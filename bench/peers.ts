import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { LabClient } from '../test/lab/lab-client';
import { cacheFolder } from '../test/lab/places';
import type { LabState } from '../test/lab/state';
import type { Contestant } from './contestant';
import { runProgram } from './program';
import { NAMES } from './suites';
import type { Tree } from './tree';

export interface PeerPrograms {
  readonly docker: string;
  readonly buildx: string;
}

/** The programs we are measured against; without one of them there is no measurement. */
export function findPeers(env: NodeJS.ProcessEnv): PeerPrograms {
  const folders = (env['PATH'] ?? '').split(delimiter);
  const docker = folders.map((folder) => join(folder, 'docker')).find((file) => existsSync(file));
  const buildx = join(cacheFolder(), 'peers', 'buildx');
  if (docker === undefined)
    throw new Error('A peer is missing: there is no docker on PATH (Debian: docker.io or docker-cli)');
  if (!existsSync(buildx)) throw new Error(`A peer is missing: ${buildx} (test/lab/setup.sh peers builds it)`);
  return { docker, buildx };
}

/** A buildx that `go install` made calls itself 0.0.0+unknown; Go's build information in it knows better. */
function moduleVersion(buildx: string): string {
  const binary = readFileSync(buildx);
  const start = binary.indexOf('mod\tgithub.com/docker/buildx\t');
  const [, , version] = start < 0 ? [] : binary.toString('latin1', start, start + 100).split(/[\t\n]/);
  return version ?? 'of unknown version';
}

type Env = Readonly<Record<string, string>>;

/** docker and buildx with a configuration folder of their own, logged in at the lab's registry. */
export class Peers {
  private constructor(
    private readonly programs: PeerPrograms,
    private readonly env: Env,
    private readonly host: string,
  ) {}

  static async open(
    programs: PeerPrograms,
    { state, dockerHost }: { readonly state: LabState; readonly dockerHost: string },
    client: LabClient,
    folder: string,
  ): Promise<Peers> {
    const config = join(folder, 'docker-config');
    mkdirSync(join(config, 'cli-plugins'), { recursive: true });
    copyFileSync(programs.buildx, join(config, 'cli-plugins', 'docker-buildx'));
    const places = { HOME: folder, DOCKER_CONFIG: config, DOCKER_HOST: dockerHost };
    const peers = new Peers(programs, { PATH: process.env['PATH'] ?? '', ...places }, state.registry.host);
    const { username, password, serveraddress } = await client.token();
    await peers.#docker(['login', '--username', username, '--password-stdin', serveraddress], {}, password);
    return peers;
  }

  /** `docker CLI 28.2.2, buildx v0.38.2` */
  async versions(): Promise<string> {
    const cli = await this.#docker(['version', '--format', '{{.Client.Version}}']);
    return `docker CLI ${cli.trim()}, buildx ${moduleVersion(this.programs.buildx)}`;
  }

  /** `docker build` by the classic builder, then `docker push`. */
  classic(tree: Tree, repository: string): Contestant {
    const env = { DOCKER_BUILDKIT: '0' };
    return this.#contestant(NAMES.classic, tree, repository, async (ref) => {
      await this.#docker(['build', '--tag', ref, tree.folder], env);
      await this.#docker(['push', ref], env);
    });
  }

  /** `docker buildx build --push` with the daemon's own BuildKit. */
  buildx(tree: Tree, repository: string): Contestant {
    return this.#contestant(NAMES.buildx, tree, repository, async (ref) => {
      await this.#docker(['buildx', 'build', '--push', '--provenance=false', '--tag', ref, tree.folder]);
    });
  }

  #contestant(name: string, tree: Tree, repository: string, go: (ref: string) => Promise<void>): Contestant {
    const nothing = (): Promise<void> => Promise.resolve();
    const run = (tag: string): Promise<void> => go(`${this.host}/${repository}:${tag}`);
    return { name, tree, repository, ready: nothing, run, done: nothing };
  }

  #docker(args: readonly string[], env: Env = {}, input = ''): Promise<string> {
    return runProgram(this.programs.docker, args, { ...this.env, ...env }, input);
  }
}
