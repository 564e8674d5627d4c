import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';

/** What runs on this machine, the containers of the lab's daemon among it. */

function pids(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

function readOr<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise; // it ended while we looked
  }
}

/** A process with this in its command line, whose words are separated by NUL. */
export function running(mark: string): boolean {
  return countRunning(mark) > 0;
}

export function countRunning(mark: string): number {
  return pids().filter((pid) => readOr(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(mark), false))
    .length;
}

export function openFiles(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return readOr(() => readdirSync(folder), []).map((name) => readOr(() => readlinkSync(`${folder}/${name}`), ''));
}

/** Of files that a process has open, and that have no name any more. */
export function deletedBytes(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  return readOr(() => readdirSync(folder), [])
    .map((name) => `${folder}/${name}`)
    .filter((path) => readOr(() => readlinkSync(path), '').endsWith(' (deleted)'))
    .reduce((sum, path) => sum + readOr(() => statSync(path).size, 0), 0);
}

/** How many of each kind: `socket`, `pipe`, and files by name. */
export function handles(pid: number): ReadonlyMap<string, number> {
  const kinds = new Map<string, number>();
  for (const file of openFiles(pid)) {
    const kind = file.replace(/:\[\d+\]$/, '');
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return kinds;
}

/** What there is more of now; waits for it to go, and fails with what is left. */
export async function expectNoMore(
  pid: number,
  before: ReadonlyMap<string, number>,
  { seconds = 10, but = /$^/ }: { readonly seconds?: number; readonly but?: RegExp } = {},
): Promise<void> {
  const more = (): string[] =>
    [...handles(pid)]
      .filter(([kind, now]) => now > (before.get(kind) ?? 0) && !but.test(kind))
      .map(([kind, now]) => `${kind}: ${now}`);
  await until('', () => more().length === 0, seconds).catch(() => expect(more()).toEqual([]));
}

export async function until(what: string, done: () => boolean | Promise<boolean>, seconds = 10): Promise<void> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    if (await done()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`not within ${seconds} s: ${what}`);
}

let count = 0;
/** A sleep that can be told from every other one in the process list. */
export function sleeper(): { readonly mark: string; readonly files: Record<string, string> } {
  const mark = `sleep 98${process.pid % 1000}${++count}`;
  return { mark: mark.replace(' ', '\0'), files: { Dockerfile: `FROM lab/busybox:1\nRUN exec ${mark}\n` } };
}
