import type { EngineKind } from '../../lab/state';
import type { Animal, Apart } from './animal';
import type { Contestant } from './contestants';
import type { Tree } from './tree';
import type { Result, Results } from './visit';

/** What everybody's tree must be, but for what is told apart: compared as a whole, so that nothing else differs. */
export function expectAlike(animal: Animal, results: Results, engine: EngineKind): void {
  const told = (who: Contestant): readonly Apart[] =>
    (animal.apart ?? []).filter((apart) => apart.who.includes(who) && (apart.on ?? [engine]).includes(engine));
  const all = Object.entries(results) as [Contestant, Result][];
  const reference = all.find(([who]) => told(who).length === 0)?.[1];
  if (reference === undefined) throw new Error(`${animal.name}: nobody is left to compare with`);
  expect(reference).not.toHaveProperty('failed');
  expect(reference).toHaveProperty('z');
  for (const [who, result] of all) {
    const fails = told(who).find((apart) => apart.fails !== undefined)?.fails;
    if (fails === undefined)
      expect({ who, tree: result }).toEqual({ who, tree: expected(reference as Tree, result as Tree, told(who)) });
    else expect({ who, result }).toEqual({ who, result: { failed: expect.stringMatching(fails) as string } });
  }
}

/** The reference's tree with the lines that are told apart: their own, if it begins as told and is not the reference's. */
function expected(reference: Tree, result: Tree, told: readonly Apart[]): Tree {
  const tree = new Map(Object.entries(reference));
  for (const [path, start] of told.flatMap(({ has = {} }) => Object.entries(has))) {
    const [line, usual] = [result[path], tree.get(path)];
    if (start === null) tree.delete(path);
    else if (line !== undefined && line !== usual && line.startsWith(start)) tree.set(path, line);
    else tree.set(path, `${start}…, and not ${usual ?? 'nothing'}`);
  }
  return Object.fromEntries(tree);
}
