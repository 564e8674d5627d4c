import { labOptions, startLab, type Lab } from './lab';

/** The lab on its own: prints its state as one line of JSON, and runs until SIGINT, SIGTERM, SIGHUP or the end of stdin.
 *
 *  From a plain Node script (there is no TypeScript loader; see also launch.ts):
 *    esbuild.buildSync({ entryPoints: ['test/lab/start.ts'], bundle: true, platform: 'node', outfile: '/tmp/…/lab.cjs' });
 *    const child = spawn(process.execPath, ['/tmp/…/lab.cjs'], { stdio: ['pipe', 'pipe', 'inherit'] });
 *    // first line of child.stdout: JSON, a LabState or {"error": "…"}; child.stdin.end() stops it: wait for 'exit'
 *  By hand: keep stdin open (a terminal does). */

function whenTold(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => resolve());
    process.stdin.on('end', () => resolve()).on('error', () => resolve());
    process.stdin.resume();
  });
}

async function main(): Promise<void> {
  // A signal during the start must not leave half a lab: it is heard from now on, and heeded when the start is over.
  const told = whenTold();
  let lab: Lab;
  try {
    lab = await startLab(labOptions(process.env));
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ error: error instanceof Error ? error.message : String(error) })}\n`);
    process.exit(1);
  }
  process.stdout.on('error', () => undefined);
  process.stdout.write(`${JSON.stringify(lab.state)}\n`);
  await told;
  await lab.stop();
  process.exit(0);
}

void main();
