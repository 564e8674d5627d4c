import { chmod, link, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What to put at a path: text, bytes, or one of the makers below. */
export type Node = string | Buffer | ((path: string) => Promise<void> | void);

export const folder: Node = async (path) => {
  await mkdir(path, { recursive: true });
};
export const fifo: Node = (path) => {
  execFileSync('mkfifo', [path]);
};
export const linkTo =
  (target: string): Node =>
  (path) =>
    symlink(target, path);
export const hardLinkTo =
  (target: string): Node =>
  (path) =>
    link(join(dirname(path), target), path);
export const mode =
  (bits: number, content = ''): Node =>
  async (path) => {
    await writeFile(path, content);
    await chmod(path, bits);
  };

const made: string[] = [];

/** A real folder of its own, filled in the order of the names; `removeTrees` takes it away. */
export async function makeTree(nodes: Readonly<Record<string, Node>> = {}): Promise<string> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'gocd-ecr-unit-')));
  made.push(root);
  await chmod(root, 0o755);
  await fill(root, nodes);
  return root;
}

export async function fill(root: string, nodes: Readonly<Record<string, Node>>): Promise<void> {
  for (const [name, node] of Object.entries(nodes)) {
    const path = join(root, name);
    await mkdir(dirname(path), { recursive: true });
    if (typeof node === 'function') await node(path);
    else await writeFile(path, node);
  }
}

export async function removeTrees(): Promise<void> {
  for (const root of made.splice(0)) await rm(root, { recursive: true, force: true });
}

/** Runs as an ordinary user: root may read everything, whatever its mode says. */
export async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
