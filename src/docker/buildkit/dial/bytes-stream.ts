import type { ClientHttp2Stream } from 'node:http2';
import { Duplex } from 'node:stream';
import { BytesReader, bytesHead } from '../grpc/bytes-message';

type Done = (error?: Error | null) => void;

/** A gRPC call of BytesMessages as a connection (buildkit: session/grpchijack). */
export class BytesStream extends Duplex {
  readonly #reader = new BytesReader();

  constructor(private readonly call: ClientHttp2Stream) {
    super();
    call.on('data', (chunk: Buffer) => this.#take(chunk));
    call.on('end', () => this.push(null));
    call.on('error', (error: Error) => this.destroy(error));
    call.on('close', () => this.destroy());
  }

  #take(chunk: Buffer): void {
    try {
      for (const data of this.#reader.push(chunk)) if (!this.push(data)) this.call.pause();
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  override _read(): void {
    this.call.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#send([chunk], done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: Done): void {
    const buffers = chunks.map(({ chunk }) => chunk);
    this.#send(buffers, done);
  }

  /** One message of all of them, and none of them copied: this is the way of all files' contents. */
  #send(chunks: readonly Buffer[], done: Done): void {
    const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    this.call.cork();
    this.call.write(bytesHead(length), chunks.length === 0 ? done : undefined);
    chunks.forEach((chunk, index) => this.call.write(chunk, index === chunks.length - 1 ? done : undefined));
    this.call.uncork();
  }

  override _final(done: Done): void {
    this.call.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.call.destroy();
    done(error);
  }
}
