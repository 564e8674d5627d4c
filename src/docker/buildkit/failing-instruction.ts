import { instructionsOf, type Instruction } from '../../context/dockerfile-lines';
import type { LineRange } from './solve/error-details';
import { stagesOf, type Stage } from './stage-graph';
import type { VertexName } from './trace/vertex-name';

// What makes a vertex and is counted: buildkit's dockerfile2llb/convert.go, cmdTotal.
const COUNTED: readonly string[] = ['ADD', 'COPY', 'RUN', 'WORKDIR'];

/**
 * Where a step stands in the Dockerfile. Steps are counted from a stage's end: an ONBUILD of the base image puts steps of
 * its own before them. undefined: not sure.
 */
export function linesOfStep(name: VertexName, dockerfile: string): LineRange | undefined {
  if (name.kind !== 'step') return undefined;
  const stage = stageOf(name.stage, stagesOf(dockerfile) ?? []);
  if (stage === undefined) return undefined;
  const counted = stage.instructions.filter((one) => COUNTED.includes(one.name));
  const keyword = /^[A-Za-z]+/.exec(name.instruction)?.[0].toUpperCase();
  const found = keyword === 'FROM' ? stage.from : counted[counted.length - 1 - (name.total - name.index)];
  return found === undefined || found.name !== keyword ? undefined : linesOf(found, dockerfile);
}

/** The instruction that begins on this line. */
export function linesAt(line: number, dockerfile: string): LineRange {
  const { instructions } = instructionsOf(dockerfile);
  const found = instructions.find((one) => one.line === line);
  return found === undefined ? { from: line, to: line } : linesOf(found, dockerfile);
}

/** BuildKit calls a stage without a name `stage-2`, and the only one nothing. */
function stageOf(name: string | undefined, stages: readonly Stage[]): Stage | undefined {
  if (name === undefined) return stages.length === 1 ? stages[0] : undefined;
  const index = /^stage-(\d+)$/.exec(name)?.[1];
  return stages.find(({ alias }) => alias === name.toLowerCase()) ?? stages[Number(index ?? -1)];
}

/** As far as the next instruction, without the comments and blank lines that lead to it. */
function linesOf({ line }: Instruction, dockerfile: string): LineRange {
  const lines = dockerfile.split(/\r?\n/);
  const next = instructionsOf(dockerfile).instructions.find((one) => one.line > line);
  let to = (next?.line ?? lines.length + 1) - 1;
  while (to > line && /^\s*(#|$)/.test(lines[to - 1] ?? '')) to--;
  return { from: line, to };
}
