import { FrameReader } from '../grpc/frames';
import { GrpcError } from '../grpc/status';
import { readPacket } from './packet';

// The largest packet that a receiver sends is one with an error's text.
const MAX_PACKET_BYTES = 64 * 1024;
const COMPACT_FROM = 4096;

/** What the receiver has said and what of it is still to be done. */
export class Inbox {
  readonly #frames = new FrameReader(MAX_PACKET_BYTES);
  #requests: number[] = [];
  /** How many of them have been taken. */
  #taken = 0;
  #state: 'open' | 'ended' | 'failed' = 'open';
  #refusal: string | undefined;

  /** `ended`: it has all that it wants; `failed`: it has given up, and says so elsewhere. */
  get state(): 'open' | 'ended' | 'failed' {
    return this.#state;
  }

  /** Why it is not to be served any longer. */
  get refusal(): string | undefined {
    return this.#refusal;
  }

  /** `announced`: how many files have been told of. Each can be asked for once, so more requests than that are none. */
  receive(bytes: Uint8Array, announced: number): void {
    if (this.#refusal !== undefined || this.#state !== 'open') return;
    try {
      const messages = this.#frames.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      for (const message of messages) this.#read(message, announced);
    } catch (error) {
      if (!(error instanceof GrpcError)) throw error;
      this.#refusal = error.message;
    }
  }

  /** There is something to answer. */
  get waiting(): boolean {
    return this.#taken < this.#requests.length || this.#state !== 'open' || this.#refusal !== undefined;
  }

  /** The id of the next file to be sent. */
  takeRequest(): number | undefined {
    const id = this.#requests[this.#taken];
    if (id === undefined) return undefined;
    this.#taken++;
    if (this.#taken >= COMPACT_FROM && 2 * this.#taken >= this.#requests.length) {
      this.#requests = this.#requests.slice(this.#taken);
      this.#taken = 0;
    }
    return id;
  }

  #read(message: Uint8Array, announced: number): void {
    if (this.#refusal !== undefined || this.#state !== 'open') return;
    const packet = readPacket(message);
    if (!packet) this.#refusal = 'what came is no packet of a receiver';
    else if (packet.type === 'end') this.#state = 'ended';
    else if (packet.type === 'failure') this.#state = 'failed';
    else if (this.#requests.length - this.#taken >= announced)
      this.#refusal = 'more files were asked for than announced';
    else this.#requests.push(packet.id);
  }
}
