import { setTimeout as sleep } from 'node:timers/promises';
import type { LabClient } from '../test/lab/lab-client';
import type { Contestant } from './contestant';
import { Plugin, type Phases } from './plugin';
import type { SlowLink } from './slow-link';
import type { Case } from './suites';

/** The daemon settles after the contestant before, and the plugin's spare, whose start takes under a second, is warm. */
const PAUSE_MS = 1500;

export interface Measured {
  /** Milliseconds, one for each round */
  readonly times: number[];
  /** The plugin's only */
  readonly phases: Phases[];
  /** The plugin's only: most memory over that of the idle process, in MB */
  readonly memory: number[];
  /** Over the slow link only */
  readonly sent: number[];
}

/** By case, then by the contestant's name. */
export type Measurements = ReadonlyMap<string, ReadonlyMap<string, Measured>>;

/** All contestants take turns, in another order each round, so that whatever else the machine does hits all of them. */
export class Rounds {
  readonly measurements: Measurements;
  readonly #digests = new Map<string, string>();

  constructor(
    private readonly contestants: readonly Contestant[],
    private readonly cases: readonly Case[],
    private readonly client: LabClient,
    private readonly link: SlowLink | undefined,
  ) {
    const none = (): Measured => ({ times: [], phases: [], memory: [], sent: [] });
    const empty = (): ReadonlyMap<string, Measured> => new Map(contestants.map(({ name }) => [name, none()]));
    this.measurements = new Map(cases.map(({ name }) => [name, empty()]));
  }

  /** The first build of each, which nobody is measured by: later ones find base and caches in place. */
  async warmUp(): Promise<void> {
    for (const contestant of this.contestants) {
      await contestant.ready();
      await contestant.run('0');
      await contestant.done();
      await this.#check(contestant, '0', { name: 'first', same: false });
    }
  }

  async play(round: number): Promise<void> {
    const first = round % this.contestants.length;
    const order = [...this.contestants.slice(first), ...this.contestants.slice(0, first)];
    for (const one of this.cases) {
      for (const contestant of order) await this.#turn(contestant, one, String(round));
    }
  }

  async #turn(contestant: Contestant, one: Case, tag: string): Promise<void> {
    one.prepare(contestant.tree);
    await contestant.ready();
    await sleep(PAUSE_MS);
    if (contestant instanceof Plugin) await contestant.checkWarmth();
    this.link?.takeBytes();
    const start = performance.now();
    await contestant.run(tag);
    const time = performance.now() - start;
    const bytes = this.link?.takeBytes();
    await contestant.done();
    await this.#check(contestant, tag, one);
    const measured = this.measurements.get(one.name)?.get(contestant.name);
    measured?.times.push(time);
    if (bytes !== undefined) measured?.sent.push(bytes.sent);
    if (!(contestant instanceof Plugin)) return;
    measured?.phases.push(contestant.phases);
    if (contestant.memory !== undefined) measured?.memory.push(contestant.memory);
  }

  /** A fast contestant that pushed the wrong thing, or nothing, has not won. */
  async #check(
    { name, repository }: Contestant,
    tag: string,
    { name: kind, same }: Pick<Case, 'name' | 'same'>,
  ): Promise<void> {
    const digest = (await this.client.image(repository, tag))?.digest;
    if (digest === undefined) throw new Error(`${name}: the registry has no ${repository}:${tag}`);
    const isSame = digest === this.#digests.get(name);
    if (isSame !== same)
      throw new Error(`${name}, ${kind}: ${repository}:${tag} is ${isSame ? 'the' : 'not the'} image of before`);
    this.#digests.set(name, digest);
  }
}
