import { setTimeout as sleep } from 'node:timers/promises';
import type { LabClient } from '../test/lab/lab-client';
import type { Contestant } from './contestant';
import { Plugin, type Phases } from './plugin';

export const cases = ['changed', 'no-op'] as const;
export type Case = (typeof cases)[number];

/** The daemon settles after the contestant before, and the plugin's spare, whose start takes under a second, is warm. */
const PAUSE_MS = 1500;

export interface Measured {
  /** Milliseconds, one for each round */
  readonly times: number[];
  /** The plugin's only */
  readonly phases: Phases[];
}

/** By case, then by the contestant's name. */
export type Measurements = Readonly<Record<Case, ReadonlyMap<string, Measured>>>;

/** All contestants take turns, in another order each round, so that whatever else the machine does hits all of them. */
export class Rounds {
  readonly measurements: Measurements;
  readonly #digests = new Map<string, string>();

  constructor(
    private readonly contestants: readonly Contestant[],
    private readonly client: LabClient,
  ) {
    const empty = (): ReadonlyMap<string, Measured> =>
      new Map(contestants.map(({ name }) => [name, { times: [], phases: [] }]));
    this.measurements = { changed: empty(), 'no-op': empty() };
  }

  /** The first build of each, which nobody is measured by: later ones find base and caches in place. */
  async warmUp(): Promise<void> {
    for (const contestant of this.contestants) {
      await contestant.ready();
      await contestant.run('0');
      await contestant.done();
      await this.#check(contestant, '0', 'changed');
    }
  }

  async play(round: number): Promise<void> {
    const first = round % this.contestants.length;
    const order = [...this.contestants.slice(first), ...this.contestants.slice(0, first)];
    for (const kind of cases) {
      for (const contestant of order) await this.#turn(contestant, kind, String(round));
    }
  }

  async #turn(contestant: Contestant, kind: Case, tag: string): Promise<void> {
    if (kind === 'changed') contestant.image.change();
    await contestant.ready();
    await sleep(PAUSE_MS);
    if (contestant instanceof Plugin) await contestant.checkWarmth();
    const start = performance.now();
    await contestant.run(tag);
    const time = performance.now() - start;
    await contestant.done();
    await this.#check(contestant, tag, kind);
    const measured = this.measurements[kind].get(contestant.name);
    measured?.times.push(time);
    if (contestant instanceof Plugin) measured?.phases.push(contestant.phases);
  }

  /** A fast contestant that pushed the wrong thing, or nothing, has not won. */
  async #check({ name, repository }: Contestant, tag: string, kind: Case): Promise<void> {
    const digest = (await this.client.image(repository, tag))?.digest;
    if (digest === undefined) throw new Error(`${name}: the registry has no ${repository}:${tag}`);
    const same = digest === this.#digests.get(name);
    if (same !== (kind === 'no-op'))
      throw new Error(`${name}, ${kind}: ${repository}:${tag} is ${same ? 'the' : 'not the'} image of before`);
    this.#digests.set(name, digest);
  }
}
