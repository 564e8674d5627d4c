import { bytes, duration, plural } from './human';
import { ours, structure, type Line, type StepTail } from './line';
import { yellow } from './paint';
import { aligned, gutter, numberedGutter, row, shortDigest, stepLabel, stepNumber } from './render-layout';
import { broken, fact, say } from './render-say';
import { still, type EventOf, type Rendered, type RenderState, type Step } from './render-state';

/** One whole line of a build's output, masked and harmless. */
export interface OutputLine {
  readonly type: 'output-line';
  readonly id: string;
  readonly text: string;
  readonly lost: number;
}

/** A layer's pull reports many times a second; a line of it in so long will do. */
const PULL_PAUSE_MS = 10_000;

export function buildStarted(state: RenderState, event: EventOf<'build-started'>): Rendered {
  return fact(state, `${event.builder} builder; context ${event.context}`);
}

export function contextSent(state: RenderState, event: EventOf<'context-sent'>): Rendered {
  return fact(state, `${plural(event.report.files, 'file')}, ${bytes(event.report.bytes)} sent`);
}

export function stepStarted(state: RenderState, event: EventOf<'step-started'>, at: number): Rendered {
  const { id, index, total, instruction } = event;
  const step: Step = { id, index, total, instruction, startedAt: at, opened: false };
  return still({ ...state, steps: new Map(state.steps).set(id, step) });
}

/** Prints a step's heading before its first line of output, or when it takes its time. */
export function openStep(state: RenderState, step: Step): Rendered {
  if (step.opened) return still(state);
  const steps = new Map(state.steps).set(step.id, { ...step, opened: true });
  return say({ ...state, steps, speaker: step.id }, structure(`  ${stepLabel(step)}`));
}

export function outputLine(state: RenderState, { id, text, lost }: OutputLine): Rendered {
  const step = state.steps.get(id);
  const opened = step === undefined ? still(state) : openStep(state, step);
  const beside = step !== undefined && opened.state.speaker !== id;
  const line: Line = {
    kind: 'text',
    rank: 'foreign',
    text: beside ? numberedGutter(step, text) : gutter(text),
    step: id,
    lost,
  };
  const said = say(opened.state, line);
  return { state: said.state, lines: [...opened.lines, ...said.lines] };
}

export function stepEnded(state: RenderState, event: EventOf<'step-ended'>, at: number): Rendered {
  const pulled = tellPulled(state, at);
  const step = state.steps.get(event.id);
  if (step === undefined) return pulled;
  const steps = new Map(state.steps);
  steps.delete(step.id);
  const failedStep = event.failed ? step : state.failedStep;
  const said = say(
    { ...pulled.state, steps, failedStep },
    tailOf(step, event.failed),
    structure(endOfStep(state, step, event, at)),
  );
  return { state: said.state, lines: [...pulled.lines, ...said.lines] };
}

function endOfStep(state: RenderState, step: Step, event: EventOf<'step-ended'>, at: number): string {
  const took = duration(at - step.startedAt);
  const name = step.opened ? stepNumber(step) : stepLabel(step);
  if (event.failed) return aligned(`  ${name} ${broken(state)}`, took);
  if (event.cached) return aligned(`  ${name}`, 'CACHED');
  return aligned(step.opened ? `  ${name} done` : `  ${name}`, took);
}

export function tailOf(step: Step, failed: boolean): StepTail {
  return { kind: 'tail', step: step.id, label: stepLabel(step), failed };
}

export function buildWarning(state: RenderState, event: EventOf<'build-warning'>): Rendered {
  const [first = '', ...more] = event.text.trimEnd().split('\n');
  return say(state, structure(row(yellow('warning'), first)), ...more.map((text) => structure(gutter(text))));
}

export function pullProgress(state: RenderState, event: EventOf<'pull-progress'>, at: number): Rendered {
  const next = { ...state, pulled: event.text };
  return at - state.pullShownAt >= PULL_PAUSE_MS ? tellPulled(next, at) : still(next);
}

function tellPulled(state: RenderState, at: number): Rendered {
  if (state.pulled === undefined) return still(state);
  const lines = state.pulled.trimEnd().split('\n');
  const foreign = lines.map((text): Line => ({ kind: 'text', rank: 'foreign', text: gutter(text) }));
  return say({ ...state, pulled: undefined, pullShownAt: at }, ...foreign);
}

export function imageBuilt(state: RenderState, event: EventOf<'image-built'>): Rendered {
  const lines = event.bases.map(({ ref, digest, imageId }) => {
    if (ref.includes('@')) return row('base', ref);
    if (digest !== undefined) return row('base', `${ref} is ${shortDigest(digest)}`);
    return row('base', imageId === undefined ? ref : `${ref} is image ${shortDigest(imageId)}, never pulled`);
  });
  return say({ ...state, image: event }, ...lines.map(ours));
}

/** For the closing line of the phase. */
export function buildFacts({ image }: RenderState): string[] {
  return image === undefined
    ? []
    : [`image    ${shortDigest(image.imageId)} ${bytes(image.sizeBytes)} ${image.platform}`];
}
