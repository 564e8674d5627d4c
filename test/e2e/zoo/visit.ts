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

/** Every animal built by every contestant that can. */
export async function visit(
  state: LabState,
  folder: string,
  animals: readonly Animal[] = ZOO,
  contestants: readonly Contestant[] = CONTESTANTS,
): Promise<ReadonlyMap<string, Results>> {
  const arena = new Arena(state, folder);
  const found = new Map<string, Results>();
  const left = [...animals.entries()];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [index, animal] = next;
      const here = join(folder, `animal-${index}`);
      settle(animal, here);
      const results: Partial<Record<Contestant, Result>> = {};
      for (const contestant of contestants) {
        if (animal.only !== undefined && animal.only !== builderOf(contestant)) continue;
        results[contestant] = await built(arena, contestant, animal, here, `animal-${index}`, state);
      }
      found.set(animal.name, results);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found;
}

function settle(animal: Animal, here: string): void {
  const den = new Den(here);
  mkdirSync(here);
  animal.make(den);
  const file = animal.file ?? 'ctx/Dockerfile';
  den.file(file, animal.dockerfile ?? EVERYTHING);
}

async function built(
  arena: Arena,
  contestant: Contestant,
  animal: Animal,
  here: string,
  name: string,
  state: LabState,
): Promise<Result> {
  const api = new EngineApi(state.engine.unixUrl);
  try {
    return await treeOf(api, await arena.build(contestant, animal, here, name));
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}
