import type { ContextReport } from '../domain/events';

type Largest = ContextReport['largest'][number];
type Baggage = ContextReport['baggage'][number];

const MOST_LARGEST = 10;
// A monorepo has a `node_modules` in each of its packages.
const MOST_BAGGAGE = 100;
/** Folders that rarely belong into an image; of one within another, the outer. */
const BAGGAGE = /(?:^|\/)(?:\.git|node_modules)(?=\/)/;

/** Counts what a context holds and what of it travels, in bounded memory. */
export class ContextTally {
  #files = 0;
  #bytes = 0;
  #sentFiles = 0;
  #sentBytes = 0;
  /** Largest first. */
  readonly #largest: Largest[] = [];
  readonly #baggage = new Map<string, { bytes: number; files: number }>();

  /** A file or link of the context; `bytes` of content, none for a link and the second name of a file. */
  found(path: string, bytes: number): void {
    this.#files++;
    this.#bytes += bytes;
    if (bytes > 0 && bytes > (this.#largest[MOST_LARGEST - 1]?.bytes ?? 0)) this.#insert({ path, bytes });
  }

  /** The content of a file goes to the daemon. */
  sent(path: string, bytes: number): void {
    this.#sentFiles++;
    this.#sentBytes += bytes;
    const match = BAGGAGE.exec(path);
    if (!match) return;
    const folder = path.slice(0, match.index + match[0].length);
    const row = this.#baggage.get(folder) ?? { bytes: 0, files: 0 };
    row.bytes += bytes;
    row.files++;
    this.#baggage.set(folder, row);
  }

  report(): ContextReport {
    const baggage = Array.from(this.#baggage, ([path, row]): Baggage => ({ path, ...row }));
    baggage.sort((a, b) => b.bytes - a.bytes || b.files - a.files);
    return {
      files: this.#files,
      bytes: this.#bytes,
      sentFiles: this.#sentFiles,
      sentBytes: this.#sentBytes,
      largest: [...this.#largest],
      baggage: baggage.slice(0, MOST_BAGGAGE),
    };
  }

  #insert(file: Largest): void {
    const at = this.#largest.findIndex(({ bytes }) => bytes < file.bytes);
    this.#largest.splice(at < 0 ? this.#largest.length : at, 0, file);
    this.#largest.length = Math.min(this.#largest.length, MOST_LARGEST);
  }
}
