import { duration } from './human';
import { structure, type Line, type StepTail } from './line';
import { tellPulled } from './render-pull';
import { aligned, gutter, gutterName, numberedGutter, stageName, stepLabel, stepNumber } from './render-layout';
import { broken, say, STOPPED } from './render-say';
import type { Step } from './render-build-state';
import { still, type EventOf, type Rendered, type RenderState } from './render-state';

/** One whole line of a build's output, masked and harmless. */
export interface OutputLine {
  readonly type: 'output-line';
  readonly id: string;
  readonly text: string;
  readonly lost: number;
}

/** A FROM that takes no longer has only looked the image up. */
const LOOKED_UP_MS = 100;

export function stepStarted(state: RenderState, event: EventOf<'step-started'>, at: number): Rendered {
  const { id, index, total, instruction } = event;
  const step: Step = { id, index, total, stage: stageName(event.stage), instruction, startedAt: at, opened: false };
  return still({ ...state, steps: new Map(state.steps).set(id, step) });
}

/** Prints a step's heading before its first line of output, or when it takes its time. */
export function openStep(state: RenderState, step: Step): Rendered {
  if (step.opened) return still(state);
  const steps = new Map(state.steps).set(step.id, { ...step, opened: true });
  const width = Math.max(state.gutter, gutterName(step).length);
  return say({ ...state, steps, speaker: step.id, gutter: width }, structure(`  ${stepLabel(step)}`));
}

export function outputLine(state: RenderState, { id, text, lost }: OutputLine): Rendered {
  const step = state.steps.get(id);
  const opened = step === undefined ? still(state) : openStep(state, step);
  const beside = step !== undefined && isBeside(opened.state, id);
  const line: Line = {
    kind: 'text',
    rank: 'foreign',
    text: beside ? numberedGutter(step, opened.state.gutter, text) : gutter(text),
    step: id,
    ...(beside ? { beside: stepNumber(step) } : {}),
    lost,
  };
  const said = say(beside ? quieted(opened.state, undefined) : opened.state, line);
  return { state: said.state, lines: [...opened.lines, ...said.lines] };
}

function isBeside({ speaker, steps }: RenderState, id: string): boolean {
  if (speaker !== id) return true;
  for (const other of steps.values()) if (other.opened && other.id !== id) return true;
  return false;
}

/** What a step says stands right beneath its heading only until a line of another comes between. */
function quieted(state: RenderState, speaker: string | undefined): RenderState {
  return state.speaker === speaker || state.speaker === undefined ? state : { ...state, speaker: undefined };
}

export function stepEnded(state: RenderState, event: EventOf<'step-ended'>, at: number): Rendered {
  const pulled = tellPulled(state, at);
  const step = state.steps.get(event.id);
  if (step === undefined) return pulled;
  const steps = new Map(state.steps);
  steps.delete(step.id);
  const done = endStep(
    quieted({ ...pulled.state, steps }, step.id),
    step,
    event,
    event.durationMs ?? at - step.startedAt,
  );
  return { state: done.state, lines: [...pulled.lines, ...done.lines] };
}

function endStep(state: RenderState, step: Step, event: EventOf<'step-ended'>, took: number): Rendered {
  if (event.failed) {
    const text = aligned(`  ${step.opened ? stepNumber(step) : stepLabel(step)} ${broken(state)}`, duration(took));
    return say({ ...state, failedStep: state.failedStep ?? step }, tailOf(step, 'failed'), structure(text));
  }
  if (!step.opened) return idle(state, step, event.cached, took);
  const text = event.cached
    ? aligned(`  ${stepNumber(step)}`, 'CACHED')
    : aligned(`  ${stepNumber(step)} done`, duration(took));
  return say(state, tailOf(step, 'ended'), structure(text));
}

/** What still ran when another step failed was stopped; what had said nothing then is not worth a line. */
export function stopSteps(state: RenderState, at: number): Rendered {
  if (state.failedStep === undefined || state.steps.size === 0) return still(state);
  const lines = [...state.steps.values()]
    .filter(({ opened }) => opened)
    .flatMap((step) => {
      const text = aligned(`  ${stepNumber(step)} ${STOPPED}`, duration(at - step.startedAt));
      return [tailOf(step, 'stopped'), structure(text)];
    });
  return say({ ...state, steps: new Map() }, ...lines);
}

function idle(state: RenderState, step: Step, cached: boolean, took: number): Rendered {
  const result = cached ? 'CACHED' : duration(took);
  const lookedUp = took < LOOKED_UP_MS && /^from\s/i.test(step.instruction);
  if (cached || lookedUp) return still({ ...state, idle: [...state.idle, { step, result }] });
  return say(state, structure(aligned(`  ${stepLabel(step)}`, result)));
}

export function tailOf(step: Step, how: StepTail['how']): StepTail {
  return { kind: 'tail', step: step.id, label: stepLabel(step), how };
}
