// node scripts/run-ts.mjs FILE.ts [ARGS]: bundles one TypeScript program of the tests and runs it in our place.
import { spawn } from 'node:child_process';
import { basename, join } from 'node:path';
import { buildSync } from 'esbuild';

const root = join(import.meta.dirname, '..');
const [entry, ...args] = process.argv.slice(2);
const outfile = join(root, 'dist', '.run', `${basename(entry, '.ts')}.cjs`);
buildSync({
  entryPoints: [join(root, entry)],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  packages: 'external',
  sourcemap: 'inline',
  logLevel: 'warning',
});
const child = spawn(process.execPath, ['--enable-source-maps', outfile, ...args], { cwd: root, stdio: 'inherit' });
// Ctrl-C reaches the child by itself; what is sent to us alone is passed on, so that its lab is taken down.
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
process.on('SIGINT', () => undefined);
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
