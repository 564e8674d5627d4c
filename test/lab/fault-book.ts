/** Ordered faults: the first that matches and is not used up is taken, exactly as often as was asked for. */

interface Ordered {
  readonly after?: number;
  readonly times?: number | 'always';
}

interface Entry<F> {
  readonly fault: F;
  toSkip: number;
  left: number;
}

export class FaultBook<F extends Ordered> {
  private entries: Entry<F>[] = [];

  add(fault: F): void {
    const times = fault.times ?? 1;
    this.entries.push({ fault, toSkip: fault.after ?? 0, left: times === 'always' ? Infinity : times });
  }

  take(matches: (fault: F) => boolean): F | undefined {
    for (const entry of this.entries) {
      if (entry.left <= 0 || !matches(entry.fault)) continue;
      if (entry.toSkip > 0) {
        entry.toSkip--;
        continue;
      }
      entry.left--;
      return entry.fault;
    }
    return undefined;
  }

  /** Forgets all, or those that `which` picks. */
  clear(which: (fault: F) => boolean = () => true): void {
    this.entries = this.entries.filter((entry) => !which(entry.fault));
  }
}
