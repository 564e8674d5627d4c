import type { Duplex } from 'node:stream';
import { BurstAgent } from '../burst';

/** Requests over connections that are kept as long as nobody else wants their place; any request may use any of them. */
export class KeptAgent extends BurstAgent {
  constructor(
    private readonly open: () => Duplex,
    private readonly mayKeep: () => boolean,
    most: number,
  ) {
    super(() => Promise.resolve(open()), { most });
  }

  /** At once, so that it counts at once: what is still to come would not be counted by `maxSockets`. */
  override createConnection(): Duplex {
    return this.open();
  }

  override getName(): string {
    return 'daemon';
  }

  override keepSocketAlive(): boolean {
    return this.mayKeep();
  }
}
