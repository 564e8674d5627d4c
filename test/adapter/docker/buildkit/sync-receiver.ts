import { appendFileSync, chmodSync, linkSync, lutimesSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SyncTransfer } from '../../../../src/docker/buildkit/offer';
import { FIN, PacketReader, REQ, type Packet, type Stat } from '../../../unit/docker/buildkit/sync-packets';

export interface ReceiverOptions {
  /** Waits so long after each piece. */
  readonly delayMs?: number;
  /** Cuts what it says into pieces of so many bytes. */
  readonly cut?: number;
}

export interface Received {
  readonly stats: readonly Stat[];
  /** What an ERR packet said. */
  readonly error: string | undefined;
  /** How the output ended. */
  readonly failure: Error | undefined;
}

const [DIR, SYMLINK, SETUID, SETGID, STICKY] = [2 ** 31, 2 ** 27, 2 ** 23, 2 ** 22, 2 ** 20];

/** A second, plain formulation of fsutil's receiver: makes the tree that it is told of in an empty folder. */
export async function receive(
  transfer: SyncTransfer,
  into: string,
  { delayMs = 0, cut = Infinity }: ReceiverOptions = {},
): Promise<Received> {
  const reader = new PacketReader();
  const tree = new ReceivedTree(into);
  const say = (bytes: Buffer): void => {
    for (let at = 0; at < bytes.length; at += cut) transfer.input(bytes.subarray(at, Math.min(at + cut, bytes.length)));
  };
  let failure: Error | undefined;
  let [told, finished] = [false, false];
  try {
    for await (const chunk of transfer.output as AsyncIterable<Buffer>) {
      for (const packet of reader.push(chunk)) {
        if (packet.type === 'fin') finished = true;
        const request = tree.take(packet);
        if (request !== undefined) say(REQ(request));
      }
      if (tree.complete && !told) {
        told = true;
        say(FIN);
      }
      if (delayMs > 0) await sleep(delayMs);
    }
    reader.end();
  } catch (error) {
    failure = error as Error;
  }
  tree.close();
  if (tree.complete && !finished && !failure) throw new Error('the sender has not said FIN');
  return { stats: tree.stats, error: tree.error, failure };
}

class ReceivedTree {
  readonly stats: Stat[] = [];
  error: string | undefined;
  readonly #open = new Set<number>();
  #last = false;

  constructor(private readonly into: string) {}

  get complete(): boolean {
    return this.#last && this.#open.size === 0;
  }

  /** The id of a file to be asked for. */
  take({ type, stat, id, data }: Packet): number | undefined {
    if (type === 'stat') return stat ? this.#make(stat) : this.#end();
    if (type === 'error') this.error = data.toString();
    if (type !== 'data') return undefined;
    if (!this.#open.has(id)) throw new Error(`data of ${id}, which was not asked for or has ended`);
    if (data.length === 0) this.#open.delete(id);
    else appendFileSync(this.#at(this.stats[id]!), data);
    return undefined;
  }

  /** Backwards: what is made in a folder changes its time. */
  close(): void {
    for (const stat of this.stats.toReversed()) {
      const { mode, modTime, linkName } = stat;
      const at = this.#at(stat);
      if (linkName !== '' && mode < SYMLINK) continue;
      if (!isSymlink(mode)) chmodSync(at, permissions(mode));
      lutimesSync(at, Number(modTime) / 1e9, Number(modTime) / 1e9);
    }
  }

  #end(): undefined {
    this.#last = true;
  }

  #make(stat: Stat): number | undefined {
    const id = this.stats.push(stat) - 1;
    const at = this.#at(stat);
    if (stat.mode >= DIR) mkdirSync(at);
    else if (isSymlink(stat.mode)) symlinkSync(stat.linkBytes, at);
    else if (stat.linkName !== '') linkSync(Buffer.concat([Buffer.from(`${this.into}/`), stat.linkBytes]), at);
    else {
      writeFileSync(at, '', { flag: 'wx' });
      this.#open.add(id);
      return id;
    }
    return undefined;
  }

  #at({ pathBytes }: Stat): Buffer {
    return Buffer.concat([Buffer.from(join(this.into, '/')), pathBytes]);
  }
}

function isSymlink(mode: number): boolean {
  return mode < DIR && mode >= SYMLINK;
}

function permissions(mode: number): number {
  const has = (bit: number): boolean => Math.floor(mode / bit) % 2 === 1;
  return (mode & 0o777) + (has(SETUID) ? 0o4000 : 0) + (has(SETGID) ? 0o2000 : 0) + (has(STICKY) ? 0o1000 : 0);
}
