import type { SyncTransfer } from '../../../../src/docker/buildkit/offer';
import { PacketReader, type Packet } from '../../../unit/docker/buildkit/sync-packets';

/** One side of a transfer, by hand. */
export class Talk {
  readonly packets: Packet[] = [];
  failure: Error | undefined;
  readonly #reader = new PacketReader();
  readonly #chunks: AsyncIterator<Buffer>;

  constructor(readonly transfer: SyncTransfer) {
    this.#chunks = transfer.output[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  say(...bytes: readonly Uint8Array[]): void {
    for (const some of bytes) this.transfer.input(some);
  }

  /** Reads until such a packet has come, or the output has ended. */
  async until(wanted: (packet: Packet) => boolean): Promise<Packet | undefined> {
    for (let at = 0; ; at++) {
      while (at >= this.packets.length) if (!(await this.#more())) return undefined;
      const packet = this.packets[at];
      if (packet && wanted(packet)) return packet;
    }
  }

  /** All stats have come. */
  async stats(): Promise<void> {
    await this.until(({ type, stat }) => type === 'stat' && stat === undefined);
  }

  /** Reads to the end; what an ERR packet said, and with what error the output ended. */
  async end(): Promise<{ readonly error: string | undefined; readonly failure: string | undefined }> {
    const error = await this.until(({ type }) => type === 'error');
    await this.until(() => false);
    return { error: error?.data.toString(), failure: this.failure?.message };
  }

  async #more(): Promise<boolean> {
    try {
      const step = await this.#chunks.next();
      if (step.done === true) return false;
      this.packets.push(...this.#reader.push(step.value));
      return true;
    } catch (error) {
      this.failure = error as Error;
      return false;
    }
  }
}
