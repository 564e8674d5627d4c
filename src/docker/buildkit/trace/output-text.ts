import { StringDecoder } from 'node:string_decoder';
import type { VertexLog } from './status-response';

/** Decodes what commands write. A chunk may end within a character: the rest of it comes with the stream's next one. */
export class OutputText {
  readonly #decoders = new Map<string, StringDecoder>();

  decode({ vertex, stream, bytes }: VertexLog): string {
    const key = `${stream} ${vertex}`;
    const decoder = this.#decoders.get(key) ?? new StringDecoder('utf8');
    this.#decoders.set(key, decoder);
    return decoder.write(bytes);
  }

  /** What is left of a vertex's cut characters, as U+FFFD. */
  end(vertex: string): string {
    let rest = '';
    for (const stream of [1, 2]) {
      const key = `${stream} ${vertex}`;
      rest += this.#decoders.get(key)?.end() ?? '';
      this.#decoders.delete(key);
    }
    return rest;
  }
}
