import { instructionsOf, type Instruction } from '../../context/dockerfile-lines';

export interface Stage {
  /** As written after AS, lower case. */
  readonly alias: string | undefined;
  readonly from: Instruction;
  /** What follows its FROM. */
  readonly instructions: Instruction[];
}

/** The stages of a Dockerfile; undefined: the scanner met something that it does not know. */
export function stagesOf(dockerfile: string): readonly Stage[] | undefined {
  const { instructions, sure } = instructionsOf(dockerfile);
  if (!sure) return undefined;
  const stages: Stage[] = [];
  for (const instruction of instructions) {
    if (instruction.name !== 'FROM') {
      stages.at(-1)?.instructions.push(instruction);
      continue;
    }
    const alias = /\sAS\s+(\S+)\s*$/i.exec(instruction.rest)?.[1]?.toLowerCase();
    stages.push({ alias, from: instruction, instructions: [] });
  }
  return stages;
}

/** The stage that is built (no target: the last) and those that it builds on by FROM. */
export function lineage(stages: readonly Stage[], target: string | undefined): ReadonlySet<Stage> {
  return reach(stages, target, baseOf);
}

/** The stages that are built for it: by FROM, by `COPY --from=` and by `RUN --mount=…,from=`. */
export function neededStages(stages: readonly Stage[], target: string | undefined): ReadonlySet<Stage> {
  return reach(stages, target, (stage) => [...baseOf(stage), ...stage.instructions.flatMap(copiedFrom)]);
}

function reach(
  stages: readonly Stage[],
  target: string | undefined,
  next: (stage: Stage) => readonly string[],
): ReadonlySet<Stage> {
  const found = new Set<Stage>();
  const waiting = [target === undefined ? stages.at(-1) : named(target, stages, stages.length)];
  for (let stage = waiting.pop(); stage !== undefined; stage = waiting.pop()) {
    if (found.has(stage)) continue;
    found.add(stage);
    const before = stages.indexOf(stage);
    waiting.push(...next(stage).flatMap((name) => named(name, stages, before) ?? []));
  }
  return found;
}

/** By name or by number, among those before it. */
function named(name: string, stages: readonly Stage[], before: number): Stage | undefined {
  const earlier = stages.slice(0, before);
  return (
    earlier.findLast(({ alias }) => alias === name.toLowerCase()) ??
    (/^\d+$/.test(name) ? earlier[Number(name)] : undefined)
  );
}

function baseOf({ from }: Stage): readonly string[] {
  const image = from.rest.split(/\s+/).find((word) => !word.startsWith('--'));
  return image === undefined ? [] : [image];
}

function copiedFrom({ rest }: Instruction): readonly string[] {
  return [...rest.matchAll(/(?:^|\s)--(?:from=|mount=\S*?\bfrom=)([^\s,]+)/g)].map((match) => match[1] ?? '');
}
