import { describeWithLab, lab } from '../lab/client';
import type { EngineKind } from '../lab/state';
import { temporaryFolder } from './scene';
import { expectAlike } from './zoo/judge';
import { visit, ZOO, type Results } from './zoo/visit';

// 68 contexts by four contestants; each is a second at most.
jest.setTimeout(600_000);

describeWithLab('a zoo of contexts: the image that docker’s own programs make of it', () => {
  const folder = temporaryFolder();
  let results: ReadonlyMap<string, Results>;
  beforeAll(async () => (results = await visit(lab(), folder.path)));
  afterAll(() => folder.remove());

  test.each(ZOO.map((animal) => [animal.name, animal] as const))('%s', (name, animal) => {
    const engine = (process.env['LAB_ENGINE'] ?? 'debian') as EngineKind;
    expectAlike(animal, results.get(name) ?? {}, engine);
  });
});
