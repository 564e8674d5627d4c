import { instructionsOf, type Instruction } from '../../context/dockerfile-lines';
import { StepError } from '../../domain/errors';

const PARSE_ERROR = /dockerfile parse error (?:on )?line (\d+): (.*)/;
// Flags of the dockerfile reference: a frontend that does not know one of them is older than it.
const FLAG =
  /^unknown flag: (?:--)?(chmod|checksum|device|exclude|keep-git-dir|link|mount|network|parents|security|unpack)\b/i;

/**
 * A frontend older than the Dockerfile calls a here-document's lines unknown instructions and a newer flag an unknown one
 * (20.10). undefined: the error is another one.
 */
export function frontendTooOld(text: string, dockerfile: string, path: string): StepError | undefined {
  const [, at = '', why = ''] = PARSE_ERROR.exec(text) ?? [];
  const what = flagIn(why) ?? heredocBefore(Number(at), why, dockerfile);
  if (what === undefined) return undefined;
  return new StepError(
    'BUILD_FRONTEND_TOO_OLD',
    'none',
    'build',
    `${path} line ${what.line ?? at}: ${what.name} is newer than the Dockerfile frontend that the daemon uses`,
    { hint: hintFor(dockerfile), words: text },
  );
}

interface Newer {
  readonly name: string;
  readonly line?: number;
}

function flagIn(why: string): Newer | undefined {
  const flag = FLAG.exec(why)?.[1];
  return flag === undefined ? undefined : { name: `--${flag.toLowerCase()}` };
}

function heredocBefore(line: number, why: string, dockerfile: string): Newer | undefined {
  if (!/^unknown instruction: /i.test(why)) return undefined;
  const { instructions } = instructionsOf(dockerfile);
  const index = instructions.findLastIndex((one) => one.line <= line);
  const before: Instruction | undefined = instructions[index];
  if (before?.heredoc === undefined) return undefined;
  return { name: `a here-document (<<${before.heredoc})`, line: before.line };
}

function hintFor(dockerfile: string): string {
  return /^\s*#\s*syntax\s*=/i.test(dockerfile)
    ? 'Name a newer frontend in the # syntax= line, or write the instruction without it'
    : 'Begin the Dockerfile with "# syntax=docker/dockerfile:1" (the daemon must reach that image), or build on a newer engine';
}
