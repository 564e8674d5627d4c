import { buildSync } from 'esbuild';
import { join } from 'node:path';

let text: string | undefined;

/** The worker's code, bundled as scripts/package.mjs does it. */
export function workerSource(): string {
  text ??= buildSync({
    entryPoints: [join(__dirname, '../../../src/worker.ts')],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    write: false,
    logLevel: 'warning',
  }).outputFiles[0]!.text;
  return text;
}
