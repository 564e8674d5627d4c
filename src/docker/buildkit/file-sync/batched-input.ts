import type { SyncTransfer } from '../offer';

/**
 * Hands on what has come within one turn of the event loop at once: a receiver asks for each of 50,000 files by a message
 * of its own, and each that crosses to a worker alone costs more than the file (measured: SAVED).
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
