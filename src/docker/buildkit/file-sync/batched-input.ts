import type { SyncTransfer } from '../offer';

/**
 * Hands on at once what has come within one turn of the event loop: a receiver asks for each file by a message of its own,
 * and each that crosses to a worker alone costs time on both sides (measured: 50,000 requests in 7,700 crossings, and 8 %
 * less of the processor).
 */
export function withBatchedInput(transfer: SyncTransfer): SyncTransfer {
  let waiting: Uint8Array[] = [];
  const flush = (): void => {
    const bytes = waiting.length === 1 ? waiting[0] : Buffer.concat(waiting);
    waiting = [];
    if (bytes && bytes.length > 0) transfer.input(bytes);
  };
  return {
    output: transfer.output,
    input: (bytes) => {
      if (waiting.push(bytes) === 1) setImmediate(flush);
    },
    inputEnded: () => {
      flush();
      transfer.inputEnded();
    },
  };
}
