import type { Hop } from '../domain/errors';
import type { Outcome } from '../domain/outcome';
import { duration, plural } from './human';
import { ours, type Line } from './line';
import { green, red, yellow } from './paint';
import type { EventOf, RenderState } from './render-state';

type Hops = readonly EventOf<'hop-checked'>[];

const LINES: readonly (readonly [Exclude<Hop, 'none'>, string, string])[] = [
  ['agent-aws', 'agent ', ' AWS ECR '],
  ['agent-daemon', 'agent ', ' daemon  '],
  ['daemon-registry', 'daemon', ' registry'],
];

/** Whether it is Mode=check that failed, and not something around it. */
export function endedInHops({ check = [] }: RenderState): boolean {
  return check.some(({ state }) => state === 'failed');
}

/** The end of Mode=check: the verdict and the drawing. */
export function checkedBlock(
  { check: hops = [], startedAt }: RenderState,
  outcome: Outcome,
  files: readonly string[],
  at: number,
): Line[] {
  const head = `${verdict(outcome)}   ${summary(outcome, hops)}`.trimEnd();
  const took = startedAt === undefined ? '' : duration(at - startedAt);
  const last = files.length === 0 ? took : `${took}   files: ${files.join(' ')}`.trimStart();
  return [head, ...drawing(hops), last].map(ours);
}

function verdict(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'failed':
      return `${red('CHECK FAILED')}   ${outcome.error.code}`;
    case 'cancelled':
      return yellow('CANCELLED');
    case 'timed-out':
      return yellow('TIMED OUT');
    case 'checked':
    case 'built':
    case 'pushed':
      return green('CHECK OK');
  }
}

function summary(outcome: Outcome, hops: Hops): string {
  if (outcome.kind !== 'failed')
    return outcome.kind === 'checked' ? 'every hop answered; nothing was built or pushed' : '';
  if (hops.some(({ name, state }) => (name === 'settings' || name === 'plan') && state === 'failed')) {
    return 'without a plan there is no AWS, no daemon and no registry to ask';
  }
  const failed = hops.filter(({ state }) => state === 'failed');
  const names = [...new Set(failed.map(({ name }) => name))].join(', ');
  const skipped = hops.filter(({ state }) => state === 'skipped').length;
  const untried = skipped === 0 ? '' : `, ${skipped} not tried`;
  return `${failed.length} of ${plural(hops.length, 'hop')} failed (${names})${untried}; nothing was built or pushed`;
}

function drawing(hops: Hops): string[] {
  const tried = LINES.filter(([line]) => hops.some(({ hop }) => hop === line));
  return tried.map(([line, from, to]) => {
    const sign = markOf(hops, line);
    const about = farEnds(hops, line).join(', ');
    const text = sign === '?' ? [about, 'not tried'].filter((part) => part !== '').join(', ') : about;
    return `  ${from} ──${sign}──${to}  ${text}`.trimEnd();
  });
}

/** A refusal of ours, such as a tag that is taken, breaks no line: the other side has answered. */
function markOf(hops: Hops, line: Hop): string {
  if (hops.some(({ error }) => error?.hop === line)) return red('✗');
  return hops.some(({ hop, state }) => hop === line && state === 'ok') ? green('✓') : '?';
}

/** The last word on each of several ends. */
function farEnds(hops: Hops, line: Hop): readonly string[] {
  const ends = new Map<string, string>();
  for (const { hop, about = '', farEnd } of hops) if (hop === line && farEnd !== undefined) ends.set(about, farEnd);
  return [...new Set(ends.values())];
}
