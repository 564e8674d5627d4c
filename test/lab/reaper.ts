import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeBridge } from './bridge';
import { run } from './command';
import { labFolderPrefix } from './places';

/** Cleaning up after a lab, also one whose process was killed: all its traces can be found from its folder's name. */

/** Set for everything an engine starts; containerd and its shims inherit it. */
export const runMarker = 'GOCD_ECR_LAB_RUN';

export function bridgeName(engineFolder: string): string {
  const [lab, engine] = [basename(dirname(engineFolder)), basename(engineFolder)];
  return `lab${lab.slice(-6)}${engine.slice(-6)}`;
}

function text(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // gone, or a kernel thread
  }
}

function mountSpace(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/mnt`);
  } catch {
    return '';
  }
}

/** Started by the lab (marked), or in a container of it: another mount namespace that has layers of the folder mounted. */
export function processesOf(folder: string): number[] {
  const own = mountSpace('self');
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const marked = (pid: string) =>
    text(`/proc/${pid}/environ`)
      .split('\0')
      .some((entry) => entry.startsWith(`${runMarker}=${folder}`));
  const contained = (pid: string) => mountSpace(pid) !== own && text(`/proc/${pid}/mountinfo`).includes(`${folder}/`);
  return pids.filter((pid) => marked(pid) || contained(pid)).map(Number);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // already gone
  }
}

async function killAll(folder: string): Promise<void> {
  for (let attempt = 0; attempt < 40; attempt++) {
    const left = processesOf(folder);
    if (left.length === 0) return;
    for (const pid of left) signal(pid, 'SIGKILL');
    await sleep(25);
  }
  throw new Error(`processes of ${folder} do not end: ${processesOf(folder).join(', ')}`);
}

async function unmountAll(folder: string): Promise<void> {
  const points = text('/proc/self/mountinfo')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((point) => point.startsWith(`${folder}/`));
  for (const point of points.reverse()) await run('umount', ['-l', point]).catch(() => undefined);
}

/** Processes, mounts and bridge of an engine, then its folder. */
export async function removeEngine(folder: string): Promise<void> {
  await killAll(folder);
  await unmountAll(folder);
  await removeBridge(bridgeName(folder));
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

const ownerFile = 'owner';

/** A pid alone may be somebody else's by now; with its start time it is not. */
function identity(pid: number): string {
  const fields = text(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ');
  return `${pid} ${fields?.[19] ?? 'gone'}`;
}

export async function claim(labFolder: string): Promise<void> {
  await writeFile(join(labFolder, ownerFile), identity(process.pid));
}

export async function removeLab(labFolder: string): Promise<void> {
  const inside = await readdir(labFolder).catch(() => []);
  for (const name of inside.filter((entry) => entry.startsWith('engine'))) await removeEngine(join(labFolder, name));
  await killAll(labFolder);
  await rm(labFolder, { recursive: true, force: true });
}

/** Labs whose process is gone without having cleaned up (SIGKILL, a crash). */
export async function removeDeadLabs(): Promise<void> {
  const parent = dirname(labFolderPrefix);
  const names = (await readdir(parent)).filter((name) => name.startsWith(basename(labFolderPrefix)));
  for (const folder of names.map((name) => join(parent, name))) {
    const owner = await readFile(join(folder, ownerFile), 'utf8').catch(() => undefined);
    // Without an owner file it is being made right now.
    if (owner !== undefined && owner !== identity(Number(owner.split(' ')[0]))) await removeLab(folder);
  }
}
