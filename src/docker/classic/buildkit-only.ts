import { instructionsOf, type Instruction } from '../../context/dockerfile-lines';
import { StepError } from '../../domain/errors';

// Measured on 29.8.1, both stores: its classic builder takes the first five of ADD and COPY and does nothing about them;
// 20.10 refuses them. All others are refused by every engine, after the whole context has travelled.
const OPTIONS: Readonly<Record<string, RegExp>> = {
  ADD: /^--(checksum|exclude|parents|keep-git-dir|unpack|chmod)\b/,
  COPY: /^--(checksum|exclude|parents|keep-git-dir|unpack|chmod)\b/,
  RUN: /^--(mount|network|security|device)\b/,
};

/** Refuses what needs BuildKit: here, before anything travels, and not on some daemons only. */
export function refuseBuildKitOnly(dockerfile: string, path: string): void {
  for (const instruction of instructionsOf(dockerfile).instructions) {
    const found = optionOf(instruction) ?? heredocOf(instruction);
    if (found !== undefined) throw refusal(instruction, found, path);
  }
}

function optionOf({ name, rest }: Instruction): string | undefined {
  const options = OPTIONS[name];
  if (options === undefined) return undefined;
  for (const word of rest.split(/\s+/)) {
    if (!word.startsWith('--')) return undefined;
    const option = options.exec(word)?.[1];
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
    {
      hint: 'Set Builder=auto and name a daemon that has BuildKit, or write the instruction without it (some daemons would leave it out without a word)',
    },
  );
}
