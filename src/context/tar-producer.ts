import { ContextTally } from './context-tally';
import type { Found } from './found';
import { FoundFile } from './found-file';
import { Notes } from './notes';
import type { ProducedFacts, Producer } from './producer';
import { TAR_BLOCK, TAR_END, tarHeader, tarPadding, writeUstar, type TarEntry, type TarName } from './tar-header';
import type { Extra, TarJob } from './tar-job';
import { walkSync } from './walk';
import { walkOptions } from './walk-job';

const NOTHING: Uint8Array = new Uint8Array(0);
const NS = 1_000_000_000n;

export function createTarProducer(job: TarJob): Producer {
  return new TarProducer(job);
}

/** A tar of what the walk finds. Headers are written and files read to where they are sent from, many in one piece. */
class TarProducer implements Producer {
  readonly #tally = new ContextTally();
  readonly #notes = new Notes();
  readonly #walk: Generator<Found, void>;
  readonly #extras: Map<string, Extra>;
  /** The path in the archive of each file that has other names too, by what it is. */
  readonly #links = new Map<string, TarName>();
  /** The piece in the making, all zeros from `#at` on. */
  #piece = NOTHING;
  #at = 0;
  /** What did not fit into the last piece: part of a header, an extra, padding. */
  #carry = NOTHING;
  #file: { readonly from: FoundFile; readonly size: number } | undefined;
  #ended = false;

  constructor(private readonly job: TarJob) {
    this.#walk = walkSync(walkOptions(job, this.#notes.add));
    this.#extras = new Map(job.extras.map((extra) => [extra.path, extra]));
  }

  produce(wanted: number): Uint8Array | 'ended' {
    this.#piece = new Uint8Array(wanted);
    this.#at = 0;
    while (this.#at < wanted && this.#goOn());
    return this.#at === 0 ? 'ended' : this.#piece.subarray(0, this.#at);
  }

  facts(): ProducedFacts {
    return { report: this.#tally.report(), notes: this.#notes.list() };
  }

  close(): void {
    this.#file?.from.close();
    this.#file = undefined;
    this.#carry = NOTHING;
    this.#ended = true;
  }

  /** Puts something more into the piece; false: there is nothing. */
  #goOn(): boolean {
    if (this.#carry.length > 0) this.#put(this.#carry);
    else if (this.#file) this.#readOn(this.#file);
    else if (this.#ended) return false;
    else this.#next();
    return true;
  }

  #put(bytes: Uint8Array): void {
    const some = bytes.subarray(0, this.#piece.length - this.#at);
    this.#piece.set(some, this.#at);
    this.#at += some.length;
    this.#carry = bytes.subarray(some.length);
  }

  #readOn({ from, size }: { readonly from: FoundFile; readonly size: number }): void {
    this.#at += from.read(this.#piece, this.#at);
    if (from.left > 0) return;
    from.close();
    this.#file = undefined;
    this.#put(tarPadding(size));
  }

  #next(): void {
    const step = this.#walk.next();
    if (!step.done) return this.#member(step.value);
    const [extra] = this.#extras.values();
    if (extra) return this.#extra(extra);
    this.#ended = true;
    this.#put(TAR_END);
  }

  #member(found: Found): void {
    const extra = this.#extras.get(found.path);
    if (extra) return this.#extra(extra, found);
    const entry = entryOf(found);
    const first = found.kind === 'file' && found.nlink > 1 ? this.#firstOf(found) : undefined;
    if (first !== undefined) this.#header({ ...entry, kind: 'hardlink', size: 0, target: first });
    else if (found.kind === 'file') this.#open(found, entry);
    else this.#header(entry);
    if (found.kind !== 'folder') this.#count(found.path, first === undefined ? entry.size : 0);
  }

  #header(entry: TarEntry): void {
    if (this.#piece.length - this.#at < TAR_BLOCK || !writeUstar(this.#piece, this.#at, entry))
      this.#put(tarHeader(entry));
    else this.#at += TAR_BLOCK;
  }

  /** Where the content of a file with several names is already; undefined: this name is the first. */
  #firstOf({ dev, ino, path, rawPath }: Found): TarName | undefined {
    const key = `${dev}:${ino}`;
    const first = this.#links.get(key);
    if (first === undefined) this.#links.set(key, rawPath ?? path);
    return first;
  }

  #open(found: Found, entry: TarEntry): void {
    const from = new FoundFile(this.job.root, found);
    this.#header(entry);
    if (found.size === 0) from.close();
    else this.#file = { from, size: found.size };
  }

  #extra({ path, content }: Extra, inPlaceOf?: Found): void {
    this.#extras.delete(path);
    const { mode, mtime } = inPlaceOf?.kind === 'file' ? entryOf(inPlaceOf) : { mode: 0o600, mtime: 0 };
    const size = content.length;
    this.#put(Buffer.concat([tarHeader({ path, kind: 'file', mode, mtime, size }), content, tarPadding(size)]));
    if (inPlaceOf && inPlaceOf.kind !== 'folder') this.#count(path, size);
  }

  #count(path: string, bytes: number): void {
    this.#tally.found(path, bytes);
    this.#tally.sent(path, bytes);
  }
}

function entryOf({ path, rawPath, kind, mode, size, mtimeNs, target, rawTarget }: Found): TarEntry {
  const name = rawPath ?? path;
  return {
    path: name,
    kind,
    mode,
    size: kind === 'file' ? size : 0,
    mtime: seconds(mtimeNs),
    target: rawTarget ?? target,
  };
}

/** Rounded down, before 1970 too. */
function seconds(ns: bigint): number {
  return Number((ns - (((ns % NS) + NS) % NS)) / NS);
}
