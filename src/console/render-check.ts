import type { HopFact } from '../domain/events';
import { ConfigError, type StepError } from '../domain/errors';
import { duration, plural } from './human';
import { ours } from './line';
import { green, red, yellow } from './paint';
import { factTexts } from './render-check-facts';
import { reasonLines } from './render-failed';
import type { EventOf, Rendered, RenderState } from './render-state';

// `repository`, `dockerfile`.
const NAME = 10;
/** Beneath the first fact. */
const INDENT = ' '.repeat(4 + NAME + 11);

/** Mode=check has a log of its own: a line for each hop, and what it found beneath it. */
export function checkStarted(state: RenderState, event: EventOf<'check-started'>, at: number): Rendered {
  const { version, runtime } = event;
  const head = `gocd-ecr-task ${version}, ${runtime}   check: every hop is tried, nothing is built or pushed`;
  return { state: { ...state, check: [], startedAt: at }, lines: [ours(head)] };
}

export function hopChecked(state: RenderState, event: EventOf<'hop-checked'>, at: number): Rendered {
  const facts = factsOf(state, event, at);
  const [first = '', ...more] = event.about === undefined ? facts : [event.about, ...facts];
  const left = `  ${mark(event.state)} ${event.name.padEnd(NAME)}`;
  const took = event.state === 'skipped' ? '' : quick(event.durationMs);
  const lines = [
    `${left} ${took.padStart(8)}  ${first}`.trimEnd(),
    ...more.map((text) => `${INDENT}${text}`.trimEnd()),
  ];
  return { state: { ...state, check: [...(state.check ?? []), event] }, lines: lines.map(ours) };
}

/** Most hops take less than the tenth of a second that `duration` begins with. */
function quick(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : duration(ms);
}

function mark(state: EventOf<'hop-checked'>['state']): string {
  if (state === 'skipped') return '?';
  return state === 'ok' ? green('✓') : red('✗');
}

function factsOf(state: RenderState, event: EventOf<'hop-checked'>, at: number): string[] {
  const found = event.facts.flatMap((fact: HopFact) => factTexts(state, fact, at));
  if (event.state === 'skipped') return [`not tried: ${event.because ?? ''}`];
  return event.error === undefined
    ? found
    : [...failure(event.error), ...found.map((text) => `${yellow('found')} ${text}`)];
}

function failure(error: StepError): string[] {
  if (!(error instanceof ConfigError)) return [error.code, ...reasonLines(error)];
  const problems = error.problems.map(({ field, message }) => `${field}: ${message}`);
  return [`${error.code}   ${plural(problems.length, 'problem')}`, ...problems];
}
