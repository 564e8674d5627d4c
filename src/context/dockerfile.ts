import { instructionsOf, type Instruction } from './dockerfile-lines';
import { expandWord, type Globals } from './dockerfile-args';

/** One FROM. `name` is undefined where it could not be told without running the build. */
export interface Stage {
  /** As written after AS, lower case; undefined: only its number names it. */
  readonly alias: string | undefined;
  /** The image or stage that it builds on. */
  readonly base: string | undefined;
  /** `--platform=`, where literal or expanded. */
  readonly platform: string | undefined;
  /** True where `base` is an earlier stage or `scratch`. */
  readonly internal: boolean;
  /** Counted from 1. */
  readonly line: number;
}

export interface ScannedDockerfile {
  readonly stages: readonly Stage[];
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
  for (const instruction of instructions) {
    if (instruction.name === 'ARG' && stages.length === 0) readGlobals(instruction, buildArgs, globals);
    if (instruction.name === 'FROM') stages.push(readFrom(instruction, stages, globals));
  }
  // An external frontend may know other instructions, and rewrite all of this.
  const foreign =
    /^\s*#\s*syntax\s*=/im.test(text.slice(0, 500)) &&
    !/^\s*#\s*syntax\s*=\s*(docker\.io\/)?docker\/dockerfile[:@]/im.test(text);
  return { stages, sure: sure && !foreign, empty: sure && instructions.length === 0 };
}

function readGlobals(
  { rest }: Instruction,
  buildArgs: ReadonlyMap<string, string>,
  globals: Map<string, string | undefined>,
): void {
  for (const word of rest.split(/\s+/).filter((part) => part !== '')) {
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    const preset = buildArgs.get(name);
    if (preset !== undefined) globals.set(name, preset);
    else if (equals >= 0) globals.set(name, expandWord(word.slice(equals + 1), globals));
  }
}

function readFrom({ rest, line }: Instruction, earlier: readonly Stage[], globals: Globals): Stage {
  const words = rest.split(/\s+/).filter((word) => word !== '');
  const flags = words.filter((word) => word.startsWith('--'));
  const [image, as, alias] = words.filter((word) => !word.startsWith('--'));
  const platform = flags.find((flag) => flag.startsWith('--platform='))?.slice('--platform='.length);
  const base = image === undefined ? undefined : expandWord(image, globals);
  return {
    alias: as?.toUpperCase() === 'AS' ? alias?.toLowerCase() : undefined,
    base: base === '' ? undefined : base,
    platform: platform === undefined ? undefined : expandWord(platform, globals),
    internal:
      base === 'scratch' || earlier.some((stage) => stage.alias !== undefined && stage.alias === base?.toLowerCase()),
    line,
  };
}
