import type { ProducedFacts, Producer } from '../../../context/producer';
import { StepError } from '../../../domain/errors';
import { Inbox } from './inbox';
import { Piece, SMALLEST_PIECE_BYTES } from './piece';
import { PieceMemory } from './piece-memory';
import { RequestRefused } from './request-refused';
import type { Content, Entry, Tree } from './tree';

// Less of a file than this waits for the next piece, unless it is all that is left.
const LEAST_DATA_BYTES = 4096;
// Beside contents that have been asked for, no more stats at a time: what is under way is ahead of all that comes later.
const STATS_BESIDE_BYTES = SMALLEST_PIECE_BYTES;
// Of a large file twice of what is wanted comes at a time (measured through a worker, 512 MiB: a third of the processor's
// time less for 10 MB of memory more).
const LARGE_FILE_BYTES = 512 * 1024;

const NOTHING_SENT: ProducedFacts = {
  report: { files: 0, bytes: 0, sentFiles: 0, sentBytes: 0, largest: [], baggage: [] },
  notes: [],
};

interface Sending {
  readonly id: number;
  readonly content: Content;
  left: number;
}

/**
 * The sender of fsutil's DiffCopy (fsutil: send.go): the stats of all entries in order, between them the contents that the
 * receiver asks for meanwhile, and FIN when it has said so. A failure of ours is told to it by an ERR packet first.
 */
export class SyncProducer implements Producer {
  readonly #inbox = new Inbox();
  readonly #memory = new PieceMemory();
  #tree: Tree | undefined;
  #announced = 0;
  #unsent: Entry | undefined;
  #statsSent = false;
  #sending: Sending | undefined;
  #nextBytes = SMALLEST_PIECE_BYTES;
  #toTell: Error | undefined;
  #toThrow: StepError | undefined;
  #ended = false;

  constructor(private readonly openTree: () => Tree) {}

  receive(bytes: Uint8Array): void {
    this.#inbox.receive(bytes, this.#announced);
  }

  produce(wanted: number): Uint8Array | 'waiting' | 'ended' {
    if (this.#toThrow) throw this.#toThrow;
    if (this.#ended) return 'ended';
    if (this.#idle) return 'waiting';
    const buffer = this.#memory.take(this.#pieceBytes(wanted));
    const piece = new Piece(buffer);
    this.#fillOrFail(piece);
    const bytes = this.#memory.give(buffer, piece.length);
    return bytes.length > 0 ? bytes : this.produce(wanted);
  }

  /** The other side has gone before it had all: nobody is left to be told. */
  receiveEnd(): void {
    this.close();
  }

  facts(): ProducedFacts {
    return this.#tree?.facts() ?? NOTHING_SENT;
  }

  close(): void {
    this.#ended = true;
    this.#sending?.content.close();
    this.#sending = undefined;
    this.#tree?.close();
  }

  /** The first stats go out at once; the pieces grow from there. */
  #pieceBytes(wanted: number): number {
    if ((this.#sending?.left ?? 0) >= LARGE_FILE_BYTES) return 2 * wanted;
    if (this.#asked) return wanted;
    const bytes = Math.min(wanted, this.#nextBytes);
    this.#nextBytes = 2 * bytes;
    return bytes;
  }

  get #asked(): boolean {
    return this.#sending !== undefined || this.#inbox.waiting;
  }

  get #idle(): boolean {
    return this.#statsSent && !this.#asked && !this.#toTell;
  }

  #fillOrFail(piece: Piece): void {
    try {
      if (!this.#toTell) this.#fill(piece);
    } catch (error) {
      if (!(error instanceof StepError || error instanceof RequestRefused)) throw error;
      this.#toTell = error;
    }
    // Behind packets that are complete, there may be no room for it.
    if (this.#toTell && piece.length === 0) this.#fail(piece, this.#toTell);
  }

  #fail(piece: Piece, error: Error): void {
    piece.error(error.message);
    if (error instanceof StepError) this.#toThrow = error;
    this.close();
  }

  #fill(piece: Piece): void {
    const { refusal, state } = this.#inbox;
    if (refusal !== undefined) throw new RequestRefused(refusal);
    if (state !== 'open') {
      if (state === 'ended') piece.fin();
      this.close();
      return;
    }
    this.#tree ??= this.openTree();
    this.#putStats(piece, this.#tree, this.#asked ? STATS_BESIDE_BYTES : Infinity);
    this.#putContents(piece, this.#tree);
  }

  /** Until all are sent, or the piece has `bytes`. */
  #putStats(piece: Piece, tree: Tree, bytes: number): void {
    while (!this.#statsSent && piece.length < bytes) {
      this.#unsent ??= tree.next();
      if (!(this.#unsent ? piece.stat(this.#unsent) : piece.lastStat())) return;
      if (this.#unsent) this.#announced++;
      else this.#statsSent = true;
      this.#unsent = undefined;
    }
  }

  #putContents(piece: Piece, tree: Tree): void {
    for (;;) {
      this.#sending ??= this.#nextRequested(tree);
      const sending = this.#sending;
      if (!sending || !this.#putContent(piece, sending)) return;
      sending.content.close();
      this.#sending = undefined;
    }
  }

  /** False: the piece is full. */
  #putContent(piece: Piece, sending: Sending): boolean {
    const { id, content } = sending;
    while (sending.left > 0) {
      const length = Math.min(sending.left, piece.dataRoom(id));
      if (length < Math.min(sending.left, LEAST_DATA_BYTES)) return false;
      piece.data(id, length, (buffer, at, count) => content.read(buffer, at, count));
      sending.left -= length;
    }
    return piece.dataEnd(id);
  }

  #nextRequested(tree: Tree): Sending | undefined {
    const id = this.#inbox.takeRequest();
    if (id === undefined) return undefined;
    const content = tree.open(id);
    if (!content) throw new RequestRefused(`file ${id} was never announced, or has been asked for before`);
    return { id, content, left: content.size };
  }
}
