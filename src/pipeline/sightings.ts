import type { Digest, Tag } from '../domain/image-ref';
import type { RegistryImage } from '../domain/registry-image';
import { ahead } from './ahead';
import type { Ecr } from './ports';

/** What AWS last said about each tag of a repository. */
export class Sightings {
  readonly #last = new Map<string, Promise<RegistryImage | undefined>>();

  constructor(
    private readonly ecr: Ecr,
    private readonly path: string,
  ) {}

  /** One call for all of them. */
  async look(names: readonly (Tag | Digest)[], signal: AbortSignal): Promise<void> {
    const answer = ahead(this.ecr.findImages(this.path, names, signal));
    for (const name of names) this.#last.set(name, ahead(answer.then((images) => images.get(name))));
    await answer;
  }

  has(name: Tag | Digest): boolean {
    return this.#last.has(name);
  }

  async of(name: Tag | Digest): Promise<RegistryImage | undefined> {
    return this.#last.get(name);
  }
}
