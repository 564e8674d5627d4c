import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ground } from './ground';
import { Contestants } from './ground';
import { table } from './report';
import { median } from './statistics';

const MEBIBYTE = 1024 * 1024;
const SIZES = [
  { name: '50 MiB', bytes: 50 * MEBIBYTE },
  { name: '5 GiB', bytes: 5 * 1024 * MEBIBYTE },
] as const;

/** Megabytes over an idle process, and by how much a large context may take more than a small one. */
const [MOST, MOST_MORE] = [60, 10];

/** How much memory the plugin takes for a context, whatever its size. */
export async function compareMemory(ground: Ground, scale: number, rounds: number): Promise<string[]> {
  const medians: number[] = [];
  const rows: string[][] = [];
  for (const { name, bytes } of SIZES) {
    const most = await measure(ground, name.replace(' ', '-').toLowerCase(), Math.round(bytes * scale), rounds);
    medians.push(median(most));
    rows.push([name, 'plugin, with spare', most.map((value) => value.toFixed(0)).join(' '), median(most).toFixed(0)]);
  }
  const [small = 0, large = 0] = medians;
  const verdict = (met: boolean): string => (met ? 'met' : 'MISSED');
  return [
    '',
    ...table(['context', 'who', 'memory, MB over idle, at most', 'median'], rows),
    '',
    `mark ${verdict(Math.max(small, large) <= MOST)}: at most ${Math.max(small, large).toFixed(0)} MB over idle, ${MOST} are allowed`,
    `mark ${verdict(large - small <= MOST_MORE)}: 5 GiB take ${(large - small).toFixed(0)} MB more than 50 MiB, ${MOST_MORE} are allowed`,
  ];
}

async function measure(ground: Ground, name: string, bytes: number, rounds: number): Promise<number[]> {
  const steps = ['COPY large /large'];
  const few = { folder: 'files', count: 1, bytes: 2 };
  const contestants = new Contestants(ground, `memory-${name}`, { steps, files: [few] });
  const plugin = await contestants.plugin('spare');
  const most: number[] = [];
  try {
    for (let round = 0; round <= rounds; round++) {
      writeHole(join(plugin.tree.folder, 'large'), bytes, round);
      await plugin.ready();
      if (round > 0) await plugin.checkWarmth();
      await plugin.run(String(round));
      if (plugin.memory !== undefined) most.push(plugin.memory);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
    }
  } finally {
    await contestants.stop();
  }
  return most;
}

/** A file that costs the disk nothing, and everybody else all that it says; another one in each round. */
function writeHole(folder: string, bytes: number, round: number): void {
  mkdirSync(folder, { recursive: true });
  const handle = openSync(join(folder, 'large.bin'), 'w');
  ftruncateSync(handle, bytes);
  closeSync(handle);
  writeFileSync(join(folder, 'round'), String(round));
}
