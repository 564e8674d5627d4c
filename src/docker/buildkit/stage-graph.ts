import { instructionsOf, type Instruction } from '../../context/dockerfile-lines';
import { takenFrom } from '../../context/taken-from';

export interface Stage {
  /** As written after AS, lower case. */
  readonly alias: string | undefined;
  readonly from: Instruction;
  /** What follows its FROM. */
  readonly instructions: Instruction[];
  /** The earlier stage that it builds on. */
  readonly base: Stage | undefined;
  /** Earlier stages that it takes files from: `COPY --from=`, `RUN --mount=…,from=`. */
  readonly sources: Stage[];
}

/** The stages of a Dockerfile; undefined: the scanner met something that it does not know. */
export function stagesOf(dockerfile: string): readonly Stage[] | undefined {
  const { instructions, sure } = instructionsOf(dockerfile);
  if (!sure) return undefined;
  const stages = new Stages();
  for (const instruction of instructions) stages.add(instruction);
  return stages.all;
}

/** The stage that is built (no target: the last) and those that it builds on by FROM. */
export function lineage(stages: readonly Stage[], target: string | undefined): ReadonlySet<Stage> {
  return reach(built(stages, target), () => []);
}

/** The stage that is built and all that are built for it. */
export function neededStages(stages: readonly Stage[], target: string | undefined): ReadonlySet<Stage> {
  return reach(built(stages, target), ({ sources }) => sources);
}

function built(stages: readonly Stage[], target: string | undefined): Stage | undefined {
  if (target === undefined) return stages.at(-1);
  return stages.findLast(({ alias }) => alias === target.toLowerCase()) ?? stages[numberOf(target)];
}

function reach(from: Stage | undefined, sources: (stage: Stage) => readonly Stage[]): ReadonlySet<Stage> {
  const found = new Set<Stage>();
  const waiting = [from];
  while (waiting.length > 0) {
    const stage = waiting.pop();
    if (stage === undefined || found.has(stage)) continue;
    found.add(stage);
    waiting.push(stage.base, ...sources(stage));
  }
  return found;
}

/** A name means the last stage of that name so far. */
class Stages {
  readonly all: Stage[] = [];
  readonly #named = new Map<string, Stage>();

  add(instruction: Instruction): void {
    const stage = this.all.at(-1);
    if (instruction.name === 'FROM') return this.#begin(instruction);
    if (stage === undefined) return;
    stage.instructions.push(instruction);
    for (const name of takenFrom(instruction)) {
      const source = this.#find(name);
      if (source !== undefined) stage.sources.push(source);
    }
  }

  #begin(from: Instruction): void {
    const [image, as, name] = from.rest.split(/\s+/).filter((word) => !word.startsWith('--'));
    const alias = as?.toUpperCase() === 'AS' ? name?.toLowerCase() : undefined;
    const base = image === undefined ? undefined : this.#named.get(image.toLowerCase());
    const stage: Stage = { alias, from, instructions: [], base, sources: [] };
    this.all.push(stage);
    if (alias !== undefined) this.#named.set(alias, stage);
  }

  #find(name: string): Stage | undefined {
    return this.#named.get(name.toLowerCase()) ?? this.all[numberOf(name)];
  }
}

function numberOf(name: string): number {
  return /^\d{1,6}$/.test(name) ? Number(name) : -1;
}
