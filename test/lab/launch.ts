import { buildSync } from 'esbuild';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { LabState } from './state';

export interface LaunchedLab {
  readonly state: LabState | { readonly error: string };
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
}

/** The lab in a process of its own: it answers while a test blocks its own process, and cleans up when ours is killed
 *  (its stdin ends). `folder`: test/lab. The environment is handed on explicitly: under jest process.env is a copy that
 *  a child process would not see. */
export async function launchLab(folder: string, env: NodeJS.ProcessEnv = process.env): Promise<LaunchedLab> {
  const scratch = mkdtempSync(join(tmpdir(), 'gocd-ecr-task-bundle-'));
  const outfile = join(scratch, 'lab.cjs');
  buildSync({ entryPoints: [join(folder, 'start.ts')], bundle: true, platform: 'node', target: 'node20', outfile });
  // Detached: a Ctrl-C is jest's, and jest's end is what stops the lab.
  const stdio = ['pipe', 'pipe', 'inherit'] as ['pipe', 'pipe', 'inherit'];
  const child = spawn(process.execPath, [outfile], { stdio, detached: true, env });
  const gone = once(child, 'exit');
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([
    once(lines, 'line').then(([line]) => String(line)),
    gone.then(() => '{"error":"its process ended without a word"}'),
  ]);
  rmSync(scratch, { recursive: true });
  // A lab that nobody stopped must not keep us from ending: our end stops it.
  child.unref();
  for (const pipe of [child.stdin, child.stdout] as unknown[] as { unref(): void }[]) pipe.unref();
  return {
    state: JSON.parse(first) as LaunchedLab['state'],
    kill: (signal) => void child.kill(signal),
    stop: async () => {
      child.ref();
      child.stdin.end();
      await gone;
    },
  };
}
