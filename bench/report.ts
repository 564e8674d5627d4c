import type { Measured, Measurements } from './rounds';
import { median, ratio } from './statistics';

/** How slow a contestant may be against another, as a ratio of medians. */
export interface Mark {
  readonly kind: string;
  readonly of: string;
  readonly against: string;
  readonly limit: number;
}

const ms = (value: number): string => value.toFixed(0);
const factor = (value: number): string => value.toFixed(2);
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [row(head), row(head.map((_, column) => (column < 2 ? '---' : '---:'))), ...rows.map(row)];
}

export function spread(times: readonly number[]): string {
  return `${ms(median(times))} (${ms(Math.min(...times))}–${ms(Math.max(...times))})`;
}

function timesOf(measurements: Measurements, kind: string, name: string): readonly number[] {
  return measurements.get(kind)?.get(name)?.times ?? [];
}

/** Medians of every contestant, and its ratios to each peer: of the medians, and the median of the rounds' ratios. */
export function resultTable(measurements: Measurements, peers: readonly string[]): string[] {
  const head = ['case', 'who', 'ms: median (min–max)', ...peers.map((peer) => `× ${peer}: medians / paired`)];
  const rows = [...measurements].flatMap(([kind, all]) =>
    [...all].map(([name, { times }]) => {
      const ratios = peers.map((peer) => {
        const { ofMedians, paired } = ratio(times, timesOf(measurements, kind, peer));
        return name === peer ? '1' : `${factor(ofMedians)} / ${factor(paired)}`;
      });
      return [kind, name, spread(times), ...ratios];
    }),
  );
  return table(head, rows);
}

function phaseRow(kind: string, name: string, { times, phases }: Measured): string[] {
  const names = Object.keys(phases[0] ?? {});
  const told = names.map((phase) => `${phase} ${ms(median(phases.map((run) => run[phase] ?? 0)))}`);
  const outside = times.map((time, round) => time - sum(Object.values(phases[round] ?? {})));
  return [kind, name, told.join(', '), ms(median(outside))];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function rowsOf(
  measurements: Measurements,
  has: (measured: Measured) => boolean,
  cells: (kind: string, name: string, measured: Measured) => string[],
): string[][] {
  return [...measurements].flatMap(([kind, all]) =>
    [...all].filter(([, measured]) => has(measured)).map(([name, measured]) => cells(kind, name, measured)),
  );
}

/** Where the plugin's time goes by its own count; outside them: starting, planning, cleaning up, answering. */
export function phaseTable(measurements: Measurements): string[] {
  const rows = rowsOf(measurements, ({ phases }) => phases.length > 0, phaseRow);
  return table(['case', 'who', 'phases, ms (medians)', 'outside them'], rows);
}

/** What went over the slow link, and what memory the plugin took; nothing where neither was looked at. */
export function amountTable(measurements: Measurements): string[] {
  const megabytes = (values: readonly number[], unit: number): string =>
    values.length === 0 ? '' : (median(values) / unit).toFixed(values.length > 0 && unit > 1 ? 2 : 0);
  const rows = rowsOf(
    measurements,
    ({ sent, memory }) => sent.length + memory.length > 0,
    (kind, name, { sent, memory }) => [kind, name, megabytes(sent, 1e6), megabytes(memory, 1)],
  );
  return rows.length === 0 ? [] : table(['case', 'who', 'MB sent', 'memory: MB over idle, at most'], rows);
}

/** One line for each mark: met or missed, with the figure. */
export function markLines(measurements: Measurements, marks: readonly Mark[]): string[] {
  return marks.map(({ kind, of, against, limit }) => {
    const { ofMedians } = ratio(timesOf(measurements, kind, of), timesOf(measurements, kind, against));
    const verdict = ofMedians <= limit ? 'met' : 'MISSED';
    return `mark ${verdict}: ${of}, ${kind}: ${factor(ofMedians)} × ${against}, at most ${factor(limit)}`;
  });
}
