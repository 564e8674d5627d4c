import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { packContext } from '../src/context/pack';
import { spread, table } from './report';
import { median } from './statistics';
import { Tree } from './tree';

/** How long an archive may take against GNU tar's. */
const LIMIT = 1.5;

/** Packing alone, no daemon at the other end: 50,000 small files, and 1 GiB in one. */
export async function comparePackers(folder: string, scale: number, rounds: number): Promise<string[]> {
  const shapes = [
    { name: '50,000 × 4 KiB', count: Math.round(50_000 * scale), bytes: 4096 },
    { name: '1 × 1 GiB', count: 1, bytes: Math.round(1024 ** 3 * scale) },
  ];
  const rows: string[][] = [];
  const marks: string[] = [];
  for (const { name, count, bytes } of shapes) {
    const tree = new Tree(join(folder, `pack-${count}`), 'scratch', {
      steps: ['COPY files /'],
      files: [{ folder: 'files', count, bytes }],
    });
    const times = await measure(tree, rounds);
    const factor = median(times.ours) / median(times.tar);
    rows.push([name, 'our packer', spread(times.ours), factor.toFixed(2)], [name, 'GNU tar', spread(times.tar), '1']);
    marks.push(
      `mark ${factor <= LIMIT ? 'met' : 'MISSED'}: packing ${name}: ${factor.toFixed(2)} × GNU tar, at most ${LIMIT.toFixed(2)}`,
    );
  }
  return ['', ...table(['tree', 'who', 'ms: median (min–max)', '× GNU tar'], rows), '', ...marks];
}

async function measure(tree: Tree, rounds: number) {
  const times: { ours: number[]; tar: number[] } = { ours: [], tar: [] };
  for (let round = 0; round <= rounds; round++) {
    const ours = await timed(() => packHere(tree.folder));
    const tar = await timed(() => tarAway(tree.folder));
    if (round === 0) continue; // the first brings the files into memory
    times.ours.push(ours);
    times.tar.push(tar);
  }
  return times;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

// GNU tar reads no file when its archive is /dev/null, so both write into a pipe that another process reads.
async function tarAway(folder: string): Promise<void> {
  const child = spawn('sh', ['-c', 'tar -c -C "$0" . | cat >/dev/null', folder], { stdio: 'inherit' });
  await endOf(child, 'tar');
}

async function packHere(folder: string): Promise<void> {
  const { stream } = await packContext({ jobFolder: folder, context: '.', dockerfile: 'Dockerfile', outputs: [] });
  const child = spawn('sh', ['-c', 'cat >/dev/null'], { stdio: ['pipe', 'inherit', 'inherit'] });
  stream.pipe(child.stdin);
  await endOf(child, 'cat');
}

async function endOf(child: ChildProcess, name: string): Promise<void> {
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${name} ended with ${code ?? 'a signal'}`);
}
