import { parseArgs } from 'node:util';
import { labOptions, type LabOptions } from '../test/lab/lab';
import { parseLink, type Link } from './slow-link';
import { SUITES, type SuiteName } from './suites';

export type CaseName = SuiteName | 'pack' | 'memory';

export interface BenchOptions {
  /** undefined: as many as each case wants. */
  readonly rounds: number | undefined;
  readonly cases: readonly CaseName[];
  /** Between agent and daemon; undefined: the daemon's own socket. */
  readonly link: Link | undefined;
  /** Of the sizes; a figure means something at 1 only. */
  readonly scale: number;
  readonly lab: LabOptions;
}

const KNOWN: readonly string[] = [...Object.keys(SUITES), 'pack', 'memory'];

/**
 * `--cases small,files,…`, `--rounds N`, `--relay 20ms,100mbit`, `--scale 0.1` and
 * `--engine debian|29-containerd|29-classic`; LAB_ENGINE and LAB_DOCKER_HOST are honoured as in the tests.
 */
export function benchOptions(args: readonly string[], env: NodeJS.ProcessEnv): BenchOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { rounds: text, engine: text, cases: text, relay: text, scale: text },
  });
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (rounds !== undefined && (!Number.isInteger(rounds) || rounds < 1))
    throw new Error(`--rounds ${values.rounds ?? ''}: a whole number of at least 1`);
  const cases = (values.cases ?? 'small').split(',');
  const unknown = cases.find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) throw new Error(`--cases ${unknown}: known are ${KNOWN.join(', ')}`);
  return {
    rounds,
    cases: cases as CaseName[],
    link: values.relay === undefined ? undefined : parseLink(values.relay),
    scale: Number(values.scale ?? 1),
    lab: labOptions(values.engine === undefined ? env : { ...env, LAB_ENGINE: values.engine }),
  };
}
