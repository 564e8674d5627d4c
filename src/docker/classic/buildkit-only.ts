import { instructionsOf, type Instruction } from '../../context/dockerfile-lines';
import { StepError } from '../../domain/errors';

// Measured on 29.8.1, both stores: its classic builder takes these and does nothing about them. 20.10 refuses them.
// The other BuildKit options (--mount, --chmod, --network, --security, --device) are refused by every engine.
const SILENTLY_IGNORED = /^--(checksum|exclude|parents|keep-git-dir|unpack)\b/;
const TAKES_HEREDOC = new Set(['RUN', 'COPY', 'ADD']);
const HEREDOC = /(?:^|\s)\d*<<-?(["']?)([A-Za-z_][A-Za-z0-9_.]*)\1(?=\s|$)/;

/** Refuses what a newer daemon's classic builder would leave out without a word: the image would be another one. */
export function refuseBuildKitOnly(dockerfile: string, path: string): void {
  const lines = dockerfile.split(/\r?\n/);
  for (const instruction of instructionsOf(dockerfile).instructions) {
    const found = ignoredOption(instruction) ?? heredocOf(instruction, lines);
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

/** `<<` is a here-document only where a later line closes it. */
function heredocOf({ name, rest, line }: Instruction, lines: readonly string[]): string | undefined {
  const word = TAKES_HEREDOC.has(name) ? HEREDOC.exec(rest)?.[2] : undefined;
  if (word === undefined) return undefined;
  const closed = lines.slice(line).some((text) => text.replace(/^\t+/, '') === word);
  return closed ? `a here-document (<<${word})` : undefined;
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
