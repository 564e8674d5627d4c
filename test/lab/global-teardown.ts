import { rmSync } from 'node:fs';
import { kept } from './launched';

export default async function globalTeardown(): Promise<void> {
  const running = kept();
  if (running === undefined) return;
  await running.lab.stop();
  rmSync(running.folder, { recursive: true, force: true });
}
