import type { LaunchedLab } from './launch';

/** From globalSetup to globalTeardown: the same process, but jest gives each a module registry of its own. */

interface Kept {
  readonly lab: LaunchedLab;
  readonly folder: string;
}

const shelf = globalThis as { [key: symbol]: Kept | undefined };
const place = Symbol.for('gocd-ecr-task.lab');

export function keep(lab: LaunchedLab, folder: string): void {
  shelf[place] = { lab, folder };
}

export function kept(): Kept | undefined {
  return shelf[place];
}
