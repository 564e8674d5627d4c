import { hidden, structure, type Line } from './line';
import { aligned, stepLabel } from './render-layout';
import type { IdleStep } from './render-build-state';

/** Of more stages than this, one line says it all. */
const MOST_STAGES = 4;

/** One line for each stage: where the cache reaches to. Each step has its line in the raw log. */
export function idleLines(steps: readonly IdleStep[]): Line[] {
  const [only] = steps;
  if (steps.length < 2) return only === undefined ? [] : [structure(lineOf(only))];
  const stages = new Map<string, IdleStep[]>();
  for (const idle of steps) {
    const stage = idle.step.stage ?? '';
    const others = stages.get(stage);
    if (others === undefined) stages.set(stage, [idle]);
    else others.push(idle);
  }
  const all = worthTelling([...stages.values()]);
  const folded = all.length > MOST_STAGES ? [ofStages(steps, all)] : all.map(ofStage);
  return [...steps.map((one) => hidden(lineOf(one))), ...folded.map(structure)];
}

/** A stage of which nothing but its FROM was looked at is beside the point, unless there is no other. */
function worthTelling(stages: readonly (readonly IdleStep[])[]): readonly (readonly IdleStep[])[] {
  const others = stages.filter(([first, second]) => second !== undefined || (first?.step.index ?? 0) > 1);
  return others.length > 0 ? others : stages;
}

function ofStage(steps: readonly IdleStep[]): string {
  const last = furthest(steps);
  if (steps.length === 1) return lineOf(last);
  return aligned(`  ${stepLabel(last.step)}, and ${steps.length - 1} before it`, last.result);
}

function ofStages(steps: readonly IdleStep[], stages: readonly (readonly IdleStep[])[]): string {
  const last = furthest(stages.at(-1) ?? steps);
  return aligned(`  ${stepLabel(last.step)}, and ${steps.length - 1} in ${stages.length} stages`, last.result);
}

function furthest(steps: readonly IdleStep[]): IdleStep {
  return steps.reduce((a, b) => (b.step.index > a.step.index ? b : a));
}

function lineOf({ step, result }: IdleStep): string {
  return aligned(`  ${stepLabel(step)}`, result);
}
