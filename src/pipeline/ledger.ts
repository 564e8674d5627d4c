import type { Phase } from '../domain/phase';
import type { Digest, TaggedRef } from '../domain/image-ref';
import type { PushedTag, RunState } from '../domain/outcome';

/** What is proven and what is where, noted as it happens, so that a run that breaks can say so. */
export class Ledger {
  phase: Phase | undefined;
  /** The daemon has begun to make an image of what it has built. */
  exporting = false;
  awsProven: string | undefined;
  daemonProven: string | undefined;
  registry: string | undefined;
  registryProven = false;
  readonly pushed: PushedTag[] = [];
  readonly previous = new Map<string, Digest>();
  /** Refs that this run made on the daemon, and that go with it. */
  readonly ownRefs = new Set<string>();
  /** Refs that were there before this run moved them: they are not ours to remove. */
  readonly foreignRefs = new Set<string>();
  readonly #wanted: readonly string[];

  constructor(tags: readonly string[]) {
    this.#wanted = tags;
  }

  addPushed(ref: TaggedRef, digest: Digest): void {
    this.pushed.push({ ref, digest, previous: this.previous.get(ref.tag) });
  }

  state(): RunState {
    const done = new Set(this.pushed.map((pushed) => pushed.ref.tag as string));
    return {
      awsProven: this.awsProven,
      daemonProven: this.daemonProven,
      registry: this.registry,
      registryProven: this.registryProven,
      pushed: [...this.pushed],
      missing: this.#wanted.filter((tag) => !done.has(tag)),
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
