import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../../../bench/program';
import type { LabState } from '../../lab/state';
import { cacheFolder } from '../../lab/places';
import { bundle } from '../products';
import type { Animal } from './animal';

export const CONTESTANTS = ['plugin buildkit', 'plugin classic', 'docker', 'buildx'] as const;
export type Contestant = (typeof CONTESTANTS)[number];

export const builderOf = (contestant: Contestant): 'buildkit' | 'classic' =>
  contestant === 'plugin buildkit' || contestant === 'buildx' ? 'buildkit' : 'classic';

/** The plugin, and docker's own programs, on one daemon. */
export class Arena {
  readonly #env: Readonly<Record<string, string>>;

  constructor(
    private readonly state: LabState,
    folder: string,
  ) {
    const config = join(folder, 'docker-config');
    mkdirSync(config, { recursive: true });
    const here = { HOME: folder, DOCKER_CONFIG: config, DOCKER_HOST: state.engine.unixUrl };
    this.#env = { PATH: process.env['PATH'] ?? '', ...here, DOCKER_BUILDKIT: '0', BUILDX_NO_DEFAULT_ATTESTATIONS: '1' };
  }

  /** `20.10.24+dfsg1` */
  async cliVersion(): Promise<string> {
    return (await this.#run('/', 'docker', ['version', '--format', '{{.Client.Version}}'])).trim();
  }

  /** Builds in `here`, and answers the image's name. */
  async build(contestant: Contestant, animal: Animal, here: string, name: string): Promise<string> {
    const image = `zoo/${name}:${contestant.replace(' ', '-')}`;
    if (contestant === 'docker') await this.#run(here, 'docker', ['build', ...peerArguments(animal, image)]);
    else if (contestant === 'buildx') await this.#run(here, buildx(), ['build', ...peerArguments(animal, image)]);
    else return this.#plugin(builderOf(contestant), animal, here, `${this.state.registry.host}/${image}`);
    return image;
  }

  async #plugin(builder: string, animal: Animal, here: string, image: string): Promise<string> {
    const [repository = '', tag = ''] = image.split(/:(?=[^:]*$)/);
    const config = {
      Repository: repository,
      Tags: tag,
      Mode: 'build',
      Builder: builder,
      Context: animal.context ?? 'ctx',
      Dockerfile: animal.file ?? '',
      Target: animal.target ?? '',
      OciLabels: 'false',
      DockerHost: this.state.engine.unixUrl,
      ResultFile: `${tag}.json`,
    };
    const request = {
      context: { workingDirectory: here, environmentVariables: {} },
      config: Object.fromEntries(Object.entries(config).map(([key, value]) => [key, { value }])),
    };
    await runProgram(process.execPath, [bundle, 'run', '-'], this.#env, JSON.stringify(request));
    return image;
  }

  #run(here: string, program: string, args: readonly string[]): Promise<string> {
    // `env --chdir`: both take their paths from where they stand.
    return runProgram('env', [`--chdir=${here}`, program, ...args], this.#env);
  }
}

function peerArguments({ context = 'ctx', file = `${context}/Dockerfile`, target }: Animal, image: string): string[] {
  return ['--tag', image, '--file', file, ...(target === undefined ? [] : ['--target', target]), context];
}

function buildx(): string {
  const program = join(cacheFolder(), 'peers', 'buildx');
  if (!existsSync(program)) throw new Error(`${program} is missing: test/lab/setup.sh peers builds it`);
  return program;
}
