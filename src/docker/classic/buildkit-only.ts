import { instructionsOf, type Instruction } from '../../context/dockerfile-lines';
import { StepError } from '../../domain/errors';

// Measured on 29.8.1, both stores: its classic builder takes these and does nothing about them. 20.10 refuses them.
// The other BuildKit options (--mount, --chmod, --network, --security, --device) are refused by every engine.
const SILENTLY_IGNORED = /^--(checksum|exclude|parents|keep-git-dir|unpack)\b/;

/** Refuses what a newer daemon's classic builder would leave out without a word: the image would be another one. */
export function refuseBuildKitOnly(dockerfile: string, path: string): void {
  for (const instruction of instructionsOf(dockerfile).instructions) {
    const found = ignoredOption(instruction) ?? heredocOf(instruction);
    if (found !== undefined) throw refusal(instruction, found, path);
  }
}

function ignoredOption({ name, rest }: Instruction): string | undefined {
  if (name !== 'COPY' && name !== 'ADD') return undefined;
  for (const word of rest.split(/\s+/)) {
    if (!word.startsWith('--')) return undefined;
    const option = SILENTLY_IGNORED.exec(word)?.[1];
    if (option !== undefined) return `--${option}`;
  }
  return undefined;
}

function heredocOf({ heredoc }: Instruction): string | undefined {
  return heredoc === undefined ? undefined : `a here-document (<<${heredoc})`;
}

function refusal({ name, line }: Instruction, what: string, path: string): StepError {
  return new StepError(
    'BUILD_FAILED',
    'none',
    'build',
    `${path} line ${line}: ${name} with ${what} needs BuildKit, and this is the classic builder`,
    { hint: 'Write the instruction without it: some daemons would leave it out without a word' },
  );
}
