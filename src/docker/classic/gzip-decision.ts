// A piece that hardly shrinks is of a kind (images, jars, packages): the next ones are sent as they are, then one is tried.
const HARDLY = 0.95;
const SENT_AS_THEY_ARE = 7;

const MiB = 1024 * 1024;
// Socket buffers swallow so much at once, whatever the link's speed: Linux's tcp_wmem ends at 4 MiB.
const SWALLOWED = 4 * MiB;
const TRIED = 16 * MiB;
// After a trial the better way is kept for so long.
const KEPT = 128 * MiB;
// zlib's thread was at work for so much of the time: the link waited for it.
const BUSY = 0.8;

export interface Sent {
  readonly level: 0 | 1;
  readonly from: number;
  readonly to: number;
  /** How long it took, and when it was done, in milliseconds. */
  readonly ms: number;
  readonly at: number;
}

/**
 * Whether gzip level 1 pays, piece by piece. It does where the link is slower than zlib's one thread, which then has the
 * next piece ready in time. Only where the link waits for that thread, 16 MiB are sent plain for a trial, and the faster of
 * the two ways is kept for the next 128 MiB. What does not shrink is sent as it is, but for every eighth piece.
 */
export class GzipDecision {
  #way: 'gzip' | 'trial' | 'plain' = 'gzip';
  #skip = 0;
  #from = 0;
  #to = 0;
  #busyMs = 0;
  #begun: number;
  /** Input bytes before which gzip is not doubted. */
  #kept = 0;
  /** Input bytes per millisecond, with gzip. */
  #gzipRate = 1;

  constructor(now: number) {
    this.#begun = now;
  }

  /** For the next piece. */
  level(): 0 | 1 {
    return this.#way === 'gzip' && this.#skip === 0 ? 1 : 0;
  }

  sent({ level, from, to, ms, at }: Sent): void {
    if (level === 1) this.#skip = to > from * HARDLY ? SENT_AS_THEY_ARE : 0;
    else if (this.#way === 'gzip') this.#skip--;
    this.#from += from;
    this.#to += to;
    this.#busyMs += ms;
    this.#judge(Math.max(at - this.#begun, 1), at);
  }

  #judge(elapsed: number, now: number): void {
    if (this.#way === 'gzip') {
      if (this.#to < SWALLOWED || this.#from < this.#kept) return;
      this.#gzipRate = this.#from / elapsed;
      this.#turn(this.#busyMs / elapsed < BUSY ? 'gzip' : 'trial', 0, now);
    } else if (this.#way === 'trial') {
      if (elapsed * this.#gzipRate > TRIED) this.#turn('gzip', KEPT, now);
      else if (this.#from >= TRIED) this.#turn('plain', KEPT, now);
    } else if (this.#from >= this.#kept) {
      this.#turn('gzip', 0, now);
    }
  }

  #turn(way: 'gzip' | 'trial' | 'plain', kept: number, now: number): void {
    this.#way = way;
    this.#kept = kept;
    this.#from = 0;
    this.#to = 0;
    this.#busyMs = 0;
    this.#begun = now;
  }
}
