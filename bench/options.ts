import { parseArgs } from 'node:util';
import { labOptions, type LabOptions } from '../test/lab/lab';

/** Fewer rounds would let one slow second decide a median. */
const FEWEST_ROUNDS = 9;

export interface BenchOptions {
  readonly rounds: number;
  readonly lab: LabOptions;
}

/** `--rounds N` and `--engine debian|29-containerd|29-classic`; LAB_ENGINE and LAB_DOCKER_HOST are honoured as in the tests. */
export function benchOptions(args: readonly string[], env: NodeJS.ProcessEnv): BenchOptions {
  const known = { rounds: { type: 'string' }, engine: { type: 'string' } } as const;
  const { values } = parseArgs({ args: [...args], options: known });
  const rounds = Number(values.rounds ?? FEWEST_ROUNDS);
  if (!Number.isInteger(rounds) || rounds < FEWEST_ROUNDS) {
    throw new Error(`--rounds ${values.rounds ?? ''}: a whole number of at least ${FEWEST_ROUNDS}`);
  }
  return { rounds, lab: labOptions(values.engine === undefined ? env : { ...env, LAB_ENGINE: values.engine }) };
}
