import { bytes, span } from './human';
import { structure } from './line';
import { stepNumber } from './render-layout';
import { pushingName, pushProgress } from './render-push';
import { open, say, tellHeld } from './render-say';
import type { Step } from './render-build-state';
import { still, then, type Rendered, type RenderState } from './render-state';
import { openStep } from './render-steps';
import { announceSlowTasks } from './render-task';

/** What takes longer than this shows its heading, so that one sees what is being waited for. */
const SLOW_MS = 2_000;
const PROGRESS_MS = 10_000;
/** GoCD cancels jobs that say nothing for long, and warns about them after five minutes. */
const SILENCE_MS = 30_000;
/** A daemon that has sent nothing for so long may hang, and a hung job must not hold its agent for ever. */
const GIVE_UP_MS = 30 * 60_000;

/** Time passes: headings of slow steps, progress, a sign of life. */
export function tick(state: RenderState, at: number): Rendered {
  if (state.startedAt === undefined || state.ended) return still(state);
  const parts = [openSlow, openSlowSteps, openSlowTasks, progress, heartbeat];
  return then(still(state), ...parts.map((part) => (next: RenderState) => part(next, at)));
}

function spoken(rendered: Rendered, at: number): Rendered {
  if (rendered.lines.length === 0) return rendered;
  const quiet = { ...rendered.state.quiet, lineAt: at, since: at };
  return { ...rendered, state: { ...rendered.state, quiet } };
}

function openSlow(state: RenderState, at: number): Rendered {
  const { phase } = state;
  if (phase === undefined || phase.opened || at - phase.startedAt < SLOW_MS) return still(state);
  return spoken(then(open(state), tellHeld), at);
}

function openSlowSteps(state: RenderState, at: number): Rendered {
  const slow = [...state.steps.values()].filter((step) => !step.opened && at - step.startedAt >= SLOW_MS);
  return spoken(then(still(state), ...slow.map((step) => (next: RenderState) => openStep(next, step))), at);
}

function openSlowTasks(state: RenderState, at: number): Rendered {
  return spoken(announceSlowTasks(state, at), at);
}

/** The context's upload and a push move without output: a line now and then says how far they are. */
function progress(state: RenderState, at: number): Rendered {
  if (at - state.progress.at < PROGRESS_MS) return still(state);
  const now = state.phase?.name === 'push' ? pushingNow(state) : sendingNow(state);
  if (now === undefined || now.bytes === state.progress.bytes) return still(state);
  return spoken(say({ ...state, progress: { at, bytes: now.bytes } }, structure(`  ${now.text}`)), at);
}

function pushingNow(state: RenderState): { readonly text: string; readonly bytes: number } {
  const now = pushProgress(state);
  return { text: `pushing ${pushingName(state)}: ${now.text}`, bytes: now.bytes };
}

function sendingNow(state: RenderState): { readonly text: string; readonly bytes: number } | undefined {
  if (state.phase?.name !== 'build' || state.sentBytes === 0 || state.contextSent) return undefined;
  return { text: `sending the context: ${bytes(state.sentBytes)}`, bytes: state.sentBytes };
}

function heartbeat(state: RenderState, at: number): Rendered {
  const { quiet } = state;
  if (quiet.given || at - quiet.lineAt < SILENCE_MS) return still(state);
  const given = at - quiet.aliveAt >= GIVE_UP_MS;
  const text = given
    ? `    … ${span(at - quiet.aliveAt)} without any sign of life; no more of these lines, from here GoCD's own job timeout decides`
    : `    … ${span(at - quiet.since)} without output, ${subject(state)} still going (Cancel stops it)`;
  return say({ ...state, quiet: { ...quiet, lineAt: at, given } }, structure(text));
}

/** What has run longest: `RUN` of a step, `[build 3/5] RUN` where there are several stages; else the phase. */
function subject(state: RenderState): string {
  const [step] = longest([...state.steps.values()]);
  if (step !== undefined) return step.stage === undefined ? keyword(step) : `${stepNumber(step)} ${keyword(step)}`;
  const [task] = longest([...state.tasks.values()]);
  return task?.name ?? state.phase?.name ?? 'the task';
}

function longest<T extends { readonly startedAt: number }>(running: readonly T[]): T[] {
  return [...running].sort((a, b) => a.startedAt - b.startedAt);
}

function keyword({ instruction }: Step): string {
  return /^[A-Za-z]+/.exec(instruction)?.[0]?.toUpperCase() ?? 'the step';
}
