import { join } from 'node:path';
import type { LabState } from '../test/lab/state';
import type { LabClient } from '../test/lab/lab-client';
import type { Peers } from './peers';
import { Plugin, type TaskConfig } from './plugin';
import type { SlowLink } from './slow-link';
import { NAMES, type Warm } from './suites';
import { Tree, type TreeShape } from './tree';

/** What all contestants share. */
export interface Ground {
  readonly jar: string;
  readonly folder: string;
  readonly state: LabState;
  readonly client: LabClient;
  readonly peers: Peers;
  /** How the daemon is reached by all of them. */
  readonly dockerHost: string;
  readonly link: SlowLink | undefined;
}

const rebuild: TaskConfig = () => ({ ExistingTag: 'overwrite' });
const CONFIGS: Readonly<Record<Warm | 'cold', TaskConfig>> = {
  spare: rebuild,
  cold: rebuild,
  reuse: () => ({}),
  tenTags: (tag) => ({
    ...rebuild(tag),
    Tags: [tag, ...[2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => `${tag}-${n}`)].join(),
  }),
};

/** The plugin and its peers, each with a tree and a repository of its own. */
export class Contestants {
  readonly plugins: Plugin[] = [];

  constructor(
    private readonly ground: Ground,
    private readonly suite: string,
    private readonly shape: TreeShape,
  ) {}

  async peers() {
    const { peers } = this.ground;
    return [
      peers.classic(this.#tree('classic'), await this.#repository('classic')),
      peers.buildx(this.#tree('buildx'), await this.#repository('buildx')),
    ];
  }

  async plugin(warmth: Warm | 'cold'): Promise<Plugin> {
    const { jar, state, dockerHost, client } = this.ground;
    const place = { jar, workFolder: this.#workFolder(warmth), state, dockerHost, scope: client.scope(), job: warmth };
    const repository = await this.#repository(warmth);
    const plugin = new Plugin(NAMES[warmth], this.#tree(warmth), repository, place, CONFIGS[warmth], warmth !== 'cold');
    this.plugins.push(plugin);
    return plugin;
  }

  async stop(): Promise<void> {
    for (const plugin of this.plugins) await plugin.stop();
  }

  #workFolder(job: string): string {
    return join(this.ground.folder, this.suite, job);
  }

  // A job's folder is its context: the plugin keeps its result files out of it by itself.
  #tree(job: string): Tree {
    return new Tree(join(this.#workFolder(job), 'pipelines', job), this.ground.state.baseImage, this.shape);
  }

  async #repository(job: string): Promise<string> {
    const name = `bench/${this.suite}-${job.toLowerCase()}`;
    await this.ground.client.repository(name);
    return name;
  }
}
