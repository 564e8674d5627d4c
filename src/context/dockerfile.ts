import { instructionsOf, type Instruction } from './dockerfile-lines';
import { argsOf, expandWord, type Globals } from './dockerfile-args';
import { takenFrom } from './taken-from';

/** One FROM. `name` is undefined where it could not be told without running the build. */
export interface Stage {
  /** As written after AS, lower case; undefined: only its number names it. */
  readonly alias: string | undefined;
  /** The image or stage that it builds on. */
  readonly base: string | undefined;
  /** `--platform=`, expanded; as written where only the builder can (`$BUILDPLATFORM`). */
  readonly platform: string | undefined;
  /** True where `base` is an earlier stage or `scratch`. */
  readonly internal: boolean;
  /** Counted from 1. */
  readonly line: number;
}

/** An image that files are taken from: `COPY --from=image`, `RUN --mount=from=image`. */
export interface CopiedImage {
  readonly image: string;
  readonly line: number;
}

export interface ScannedDockerfile {
  readonly stages: readonly Stage[];
  readonly copied: readonly CopiedImage[];
  /** False where the scanner met something that it does not know: then nothing may be concluded from what is not there. */
  readonly sure: boolean;
  /** Nothing but comments. */
  readonly empty: boolean;
}

/** FROM lines and stages of a Dockerfile. It reads what the daemon will read, and is silent when it is not sure. */
export function scanDockerfile(text: string, buildArgs: ReadonlyMap<string, string>): ScannedDockerfile {
  const { instructions, sure } = instructionsOf(text);
  const globals = new Map<string, string | undefined>();
  const stages: Stage[] = [];
  const aliases = new Set<string>();
  const copied: CopiedImage[] = [];
  for (const instruction of instructions) {
    if (instruction.name === 'ARG' && stages.length === 0) readGlobals(instruction, buildArgs, globals);
    if (instruction.name === 'FROM') {
      const stage = readFrom(instruction, aliases, globals);
      stages.push(stage);
      if (stage.alias !== undefined) aliases.add(stage.alias);
    }
    for (const name of takenFrom(instruction)) {
      const isStage = name === 'scratch' || /^\d+$/.test(name) || aliases.has(name.toLowerCase());
      if (!isStage) copied.push({ image: name, line: instruction.line });
    }
  }
  // An external frontend may know other instructions, and rewrite all of this.
  const frontend = /^[^\S\r\n\u2028\u2029]*#\s*syntax\s*=\s*(\S+)/im.exec(text)?.[1];
  const foreign = frontend !== undefined && !/^(docker\.io\/)?docker\/dockerfile([:@]|$)/.test(frontend);
  return { stages, copied, sure: sure && !foreign, empty: sure && instructions.length === 0 };
}

function readGlobals(
  { rest }: Instruction,
  buildArgs: ReadonlyMap<string, string>,
  globals: Map<string, string | undefined>,
): void {
  // Behind an escape, what looks like a name may be part of a value.
  const escaped = rest.includes('\\');
  for (const { name, word } of argsOf(rest)) {
    const preset = buildArgs.get(name);
    if (preset !== undefined) globals.set(name, preset);
    else if (escaped) globals.set(name, undefined);
    else if (word !== undefined) globals.set(name, expandWord(word, globals));
  }
}

function readFrom({ rest, line }: Instruction, earlier: ReadonlySet<string>, globals: Globals): Stage {
  const words = rest.split(/[\t\v\f\r ]+/).filter((word) => word !== ''); // BuildKit's reWhitespace
  const flags = words.filter((word) => word.startsWith('--'));
  const [image, as, alias] = words.filter((word) => !word.startsWith('--'));
  const platform = flags.find((flag) => flag.startsWith('--platform='))?.slice('--platform='.length);
  const base = image === undefined ? undefined : expandWord(image, globals);
  return {
    alias: as?.toUpperCase() === 'AS' ? alias?.toLowerCase() : undefined,
    // `node:` is what an empty variable leaves: the builder will say so.
    base: base === undefined || /^$|[:@/]$/.test(base) ? undefined : base,
    platform: platform === undefined ? undefined : (expandWord(platform, globals) ?? platform),
    internal: base === 'scratch' || (base !== undefined && earlier.has(base.toLowerCase())),
    line,
  };
}
