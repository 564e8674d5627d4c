import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stateVariable } from './state-file';
import { keep } from './launched';
import { launchLab } from './launch';

/** jest's globalSetup: one lab for all workers. It never fails itself: the tests that need the lab do, with the reason. */
export default async function globalSetup(): Promise<void> {
  if (process.env['LAB'] === 'off') {
    console.warn('\nLAB=off: tests that need the lab are skipped.');
    return;
  }
  const lab = await launchLab(__dirname);
  // In the lab's own folder, which the lab removes even if we are killed.
  const folder = 'folder' in lab.state ? lab.state.folder : mkdtempSync(join(tmpdir(), 'gocd-ecr-task-state-'));
  const path = join(folder, 'lab.json');
  writeFileSync(path, JSON.stringify(lab.state));
  process.env[stateVariable] = path;
  keep(lab, folder);
}
