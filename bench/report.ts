import { cases, type Case, type Measured, type Measurements } from './rounds';
import { median, ratio } from './statistics';

/** How slow a contestant may be against another, as a ratio of medians. */
export interface Mark {
  readonly kind: Case;
  readonly of: string;
  readonly against: string;
  readonly limit: number;
}

const ms = (value: number): string => value.toFixed(0);
const factor = (value: number): string => value.toFixed(2);
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [row(head), row(head.map((_, column) => (column < 2 ? '---' : '---:'))), ...rows.map(row)];
}

function spread(times: readonly number[]): string {
  return `${ms(median(times))} (${ms(Math.min(...times))}–${ms(Math.max(...times))})`;
}

function timesOf(measurements: Measurements, kind: Case, name: string): readonly number[] {
  return measurements[kind].get(name)?.times ?? [];
}

/** Medians of every contestant, and its ratios to each peer: of the medians, and the median of the rounds' ratios. */
export function resultTable(measurements: Measurements, peers: readonly string[]): string[] {
  const head = ['case', 'who', 'ms: median (min–max)', ...peers.map((peer) => `× ${peer}: medians / paired`)];
  const rows = cases.flatMap((kind) =>
    [...measurements[kind]].map(([name, { times }]) => {
      const ratios = peers.map((peer) => {
        const { ofMedians, paired } = ratio(times, timesOf(measurements, kind, peer));
        return name === peer ? '1' : `${factor(ofMedians)} / ${factor(paired)}`;
      });
      return [kind, name, spread(times), ...ratios];
    }),
  );
  return table(head, rows);
}

function phaseRow(kind: Case, name: string, { times, phases }: Measured): string[] {
  const names = Object.keys(phases[0] ?? {});
  const told = names.map((phase) => `${phase} ${ms(median(phases.map((run) => run[phase] ?? 0)))}`);
  const outside = times.map((time, round) => time - sum(Object.values(phases[round] ?? {})));
  return [kind, name, told.join(', '), ms(median(outside))];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Where the plugin's time goes by its own count; outside them: starting, planning, cleaning up, answering. */
export function phaseTable(measurements: Measurements): string[] {
  const rows = cases.flatMap((kind) =>
    [...measurements[kind]]
      .filter(([, { phases }]) => phases.length > 0)
      .map(([name, measured]) => phaseRow(kind, name, measured)),
  );
  return table(['case', 'who', 'phases, ms (medians)', 'outside them'], rows);
}

/** One line for each mark: met or missed, with the figure. */
export function markLines(measurements: Measurements, marks: readonly Mark[]): string[] {
  return marks.map(({ kind, of, against, limit }) => {
    const { ofMedians } = ratio(timesOf(measurements, kind, of), timesOf(measurements, kind, against));
    const verdict = ofMedians <= limit ? 'met' : 'MISSED';
    return `mark ${verdict}: ${of}, ${kind}: ${factor(ofMedians)} × ${against}, at most ${factor(limit)}`;
  });
}
