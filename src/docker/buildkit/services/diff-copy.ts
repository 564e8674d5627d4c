import type { ServerHttp2Stream } from 'node:http2';
import { StepError } from '../../../domain/errors';
import type { StreamHandler } from '../grpc/server';
import { GRPC, GrpcError } from '../grpc/status';
import type { SyncTransfer } from '../offer';
import type { Counter } from './counter';
import { syncRequestOf } from './sync-request';

/** A build copies the Dockerfile, its ignore file and each context about once; each transfer may take a thread. */
const MAX_TRANSFERS = 16;

/** FileSync/DiffCopy: between a call and a folder of the offer. */
export function diffCopy(counter: Counter): StreamHandler {
  let open = 0;
  return async (stream, metadata) => {
    const { folder, request } = syncRequestOf(metadata);
    const source = counter.offer.folders.get(folder);
    if (source === undefined) throw counter.refuse('folder', folder);
    if (open >= MAX_TRANSFERS) throw new GrpcError(GRPC.RESOURCE_EXHAUSTED, `${MAX_TRANSFERS} transfers are running`);
    open += 1;
    try {
      await join(stream, source.open(request));
    } finally {
      open -= 1;
    }
  };
}

/**
 * The output waits for the call's window. The input is taken as it comes: BuildKit asks for a file from within the loop
 * that reads ours, so that whoever lets its questions wait for our output may wait for ever.
 */
function join(stream: ServerHttp2Stream, transfer: SyncTransfer): Promise<void> {
  const { output } = transfer;
  return new Promise((resolve, reject) => {
    let over = false;
    const settle = (end: () => void): void => {
      over = true;
      output.unpipe(stream);
      output.destroy();
      end();
    };
    const attempt = (take: () => void): void => {
      if (over) return;
      try {
        take();
      } catch (error) {
        settle(() => reject(told(error)));
      }
    };
    stream.on('data', (chunk: Buffer) => attempt(() => transfer.input(chunk)));
    stream.once('end', () => attempt(() => transfer.inputEnded()));
    stream.once('close', () => settle(resolve));
    output.once('end', () => settle(resolve));
    output.on('error', (error) => settle(() => reject(told(error))));
    output.once('close', () => settle(() => reject(told(undefined)))); // no-op after an end
    output.pipe(stream, { end: false });
  });
}

function told(error: unknown): GrpcError {
  return new GrpcError(GRPC.UNKNOWN, error instanceof StepError ? error.message : 'the folder could not be read');
}
