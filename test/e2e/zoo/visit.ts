import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { EngineApi } from '../../lab/engine-api';
import type { LabState } from '../../lab/state';
import { EVERYTHING, type Animal } from './animal';
import { Arena, builderOf, CONTESTANTS, type Contestant } from './contestants';
import { Den } from './den';
import { DOCKERFILES } from './dockerfiles';
import { IGNORING } from './ignoring';
import { MODES_AND_LINKS } from './modes-and-links';
import { NAMES_AND_SIZES } from './names-and-sizes';
import { treeOf, type Tree } from './tree';

export const ZOO: readonly Animal[] = [...MODES_AND_LINKS, ...NAMES_AND_SIZES, ...IGNORING, ...DOCKERFILES];

/** A contestant's image, or why it made none. */
export type Result = Tree | { readonly failed: string };
export type Results = Partial<Readonly<Record<Contestant, Result>>>;

const AT_ONCE = 2;

/** Every animal built by every contestant that can; nothing of it stays on the daemon but its build cache. */
export async function visit(state: LabState, folder: string): Promise<ReadonlyMap<string, Results>> {
  const api = new EngineApi(state.engine.unixUrl);
  const arena = new Arena(state, folder);
  const oldCli = /^(1\d|20)\./.test(await arena.cliVersion());
  const left = [...ZOO.entries()];
  const found = new Map<string, Results>();
  const images: string[] = [];
  const built = async (contestant: Contestant, animal: Animal, here: string, name: string): Promise<Result> => {
    try {
      const image = await arena.build(contestant, animal, here, name);
      images.push(image);
      return await treeOf(api, image);
    } catch (error) {
      return { failed: error instanceof Error ? error.message : String(error) };
    }
  };
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [index, animal] = next;
      const here = join(folder, `animal-${index}`);
      settle(animal, here);
      const results: Partial<Record<Contestant, Result>> = {};
      for (const contestant of CONTESTANTS.filter((one) => can(one, animal, oldCli)))
        results[contestant] = await built(contestant, animal, here, `animal-${index}`);
      found.set(animal.name, results);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  // Not before all are done: another build may be using the same layers.
  for (const image of images) await api.request('DELETE', `/images/${image}`);
  return found;
}

function can(contestant: Contestant, { only, newerCli = false }: Animal, oldCli: boolean): boolean {
  if (only !== undefined && only !== builderOf(contestant)) return false;
  return contestant !== 'docker' || !newerCli || !oldCli;
}

function settle(animal: Animal, here: string): void {
  const den = new Den(here);
  mkdirSync(here);
  animal.make(den);
  den.file(animal.file ?? 'ctx/Dockerfile', animal.dockerfile ?? EVERYTHING);
}
