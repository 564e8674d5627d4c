import { StepError, type Hop } from '../../domain/errors';
import type { HopFact, PluginEvent } from '../../domain/events';
import type { Clock, Report } from '../ports';

/** Which hop it is. */
export interface HopName {
  readonly name: string;
  readonly hop: Hop;
  /** Which of several. */
  readonly about?: string | undefined;
}

/** What a hop tells while it is tried. */
export class Telling {
  readonly facts: HopFact[] = [];
  /** Of the drawing. */
  farEnd: string | undefined;

  /** What is no fact is told by nobody: the hop itself is its line. */
  readonly report: Report = (event) => {
    if (isFact(event)) this.facts.push(event);
  };
}

/** What a hop has brought, for those that need it. */
export interface Tried<T> {
  /** Ends the hop that asks, as skipped, where there is nothing. */
  get(): T;
}

class Unreached extends Error {
  override readonly name = 'Unreached';
  constructor(readonly because: string) {
    super(because);
  }
}

/** Tries one hop after another, and goes on after a failure with all that does not depend on it. */
export class Hops {
  readonly failed: { readonly name: string; readonly error: StepError }[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly report: Report,
    private readonly signal: AbortSignal,
  ) {}

  async try<T>(which: HopName, work: (telling: Telling) => Promise<T>): Promise<Tried<T>> {
    this.signal.throwIfAborted();
    const startedAt = this.clock.now();
    const telling = new Telling();
    const tell = (
      end: { state: 'ok' } | { state: 'failed'; error: StepError } | { state: 'skipped'; because: string },
    ) =>
      this.report({
        type: 'hop-checked',
        name: which.name,
        ...(which.about !== undefined && { about: which.about }),
        hop: which.hop,
        durationMs: this.clock.now() - startedAt,
        facts: telling.facts,
        ...(telling.farEnd !== undefined && { farEnd: telling.farEnd }),
        ...end,
      });
    try {
      const value = await work(telling);
      tell({ state: 'ok' });
      return { get: () => value };
    } catch (error) {
      if (error instanceof Unreached) {
        tell({ state: 'skipped', because: error.because });
        return unreached(error.because);
      }
      this.signal.throwIfAborted();
      if (!(error instanceof StepError)) throw error;
      this.failed.push({ name: which.name, error });
      tell({ state: 'failed', error });
      return unreached(`${which.name} failed`);
    }
  }
}

function unreached(because: string): Tried<never> {
  return {
    get: () => {
      throw new Unreached(because);
    },
  };
}

const FACTS: ReadonlySet<string> = new Set<Exclude<HopFact, string>['type']>([
  'daemon-described',
  'disk-described',
  'repository-described',
  'repository-drift',
  'tag-described',
  'token-issued',
  'builder-chosen',
  'source-described',
  'platform-described',
  'base-described',
  'context-sent',
  'note',
  'retrying',
]);

function isFact(event: PluginEvent): event is Exclude<HopFact, string> {
  return FACTS.has(event.type);
}
