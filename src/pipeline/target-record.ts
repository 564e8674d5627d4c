import type { StepError } from '../domain/errors';
import { repositoryName, type Tag } from '../domain/image-ref';
import type { PushedTag, TargetState } from '../domain/outcome';
import type { Phase } from '../domain/phase';
import type { TargetPlan } from '../domain/plan';

/** Why a target is given up, and when that was. */
export interface TargetFailure {
  readonly error: StepError;
  readonly phase: Phase | undefined;
}

/** What is proven of one target, and what is there. */
export class TargetRecord {
  awsProven: string | undefined;
  registry: string | undefined;
  registryProven = false;
  failure: TargetFailure | undefined;
  readonly #pushed = new Map<Tag, PushedTag>();

  constructor(
    readonly plan: TargetPlan,
    /** Identity tags, then those that move. */
    private readonly wanted: readonly Tag[],
  ) {}

  get name(): string {
    const host = this.registry ?? this.plan.repository.host;
    const { path } = this.plan.repository;
    return host === undefined ? path : repositoryName({ host, path });
  }

  /** In the order of the fields, whichever was there first. */
  get pushed(): readonly PushedTag[] {
    return this.wanted.map((tag) => this.#pushed.get(tag)).filter((pushed) => pushed !== undefined);
  }

  get missing(): readonly Tag[] {
    return this.wanted.filter((tag) => !this.#pushed.has(tag));
  }

  add(pushed: PushedTag): void {
    this.#pushed.set(pushed.ref.tag, pushed);
  }

  state(): TargetState {
    const { name, failure, pushed, missing } = this;
    return { name, error: failure?.error, pushed, missing };
  }
}
