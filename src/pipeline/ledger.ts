import type { Phase } from '../domain/phase';
import type { RunState } from '../domain/outcome';
import type { TargetRecord } from './target-record';

/** What is proven and what is where, noted as it happens, so that a run that breaks can say so. */
export class Ledger {
  phase: Phase | undefined;
  /** The daemon has begun to make an image of what it has built. */
  exporting = false;
  daemonProven: string | undefined;
  /** Refs that this run made on the daemon, and that go with it. */
  readonly ownRefs = new Set<string>();
  /** Refs that were there before this run moved them: they are not ours to remove. */
  readonly foreignRefs = new Set<string>();

  /** Of all targets, the main one first. */
  constructor(readonly targets: readonly [TargetRecord, ...TargetRecord[]]) {}

  /** The drawing is about one target: the one that failed, else the main one. */
  state(): RunState {
    const drawn = this.targets.find((target) => target.failure !== undefined) ?? this.targets[0];
    const several = this.targets.length > 1;
    return {
      awsProven: drawn.awsProven,
      daemonProven: this.daemonProven,
      registry: drawn.registry,
      registryProven: drawn.registryProven,
      pushed: this.targets.flatMap((target) => target.pushed),
      missing: this.targets.flatMap(({ name, missing }): readonly string[] =>
        several ? missing.map((tag) => `${name}:${tag}`) : missing,
      ),
      targets: several ? this.targets.map((target) => target.state()) : [],
    };
  }

  /** A ref is ours when it did not exist before we made it. */
  claim(ref: string, existed: boolean): void {
    if (this.ownRefs.has(ref)) return;
    (existed ? this.foreignRefs : this.ownRefs).add(ref);
  }

  /** Leaves a ref of ours where it is. */
  keep(ref: string): void {
    if (this.ownRefs.delete(ref)) this.foreignRefs.add(ref);
  }
}
