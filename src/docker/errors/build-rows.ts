import type { Blame, ErrorCode, Hop } from '../../domain/errors';
import type { BuilderName } from '../../domain/events';
import type { Where } from '../where';

/** What a message about a failed build can name, besides the daemon's own text. */
export interface BuildNames {
  readonly where: Where;
  /** As the plan has them, for hints. */
  readonly dockerfile: string;
  readonly target: string | undefined;
  readonly platform: string | undefined;
  readonly networkMode: string | undefined;
  /** undefined: the classic builder. */
  readonly builder?: BuilderName;
}

export interface BuildRow {
  readonly when: RegExp;
  readonly code: ErrorCode;
  readonly blame: Blame;
  /** undefined: agent → daemon for the environment, none for all else. */
  readonly hop?: Hop;
  message(match: RegExpExecArray, names: BuildNames): string;
  hint?(match: RegExpExecArray, names: BuildNames): string | undefined;
}

/** GoCD shows the message in one line; the whole command is in the daemon's words below it. */
const MAX_COMMAND = 200;

// Texts of dockerd 20.10 to 29 (measured) and of Podman's. First match wins: a
// command's own text, which may contain anything, stands in the first two.
export const buildRows: readonly BuildRow[] = [
  {
    when: /^The command '([\s\S]*)' returned a non-zero code: (\d+)$/,
    code: 'BUILD_RUN_FAILED',
    blame: 'build',
    message: ([, command = '', exit = '']) => `RUN ended with exit code ${exit}: ${shorten(command)}`,
    hint: ([, , exit]) => meaningOf(exit),
  },
  {
    when: /^building at STEP "RUN ([\s\S]*)": while running runtime: exit status (\d+)/,
    code: 'BUILD_RUN_FAILED',
    blame: 'build',
    message: ([, command = '', exit = '']) => `RUN ended with exit code ${exit}: ${shorten(command)}`,
    hint: ([, , exit]) => meaningOf(exit),
  },
  {
    when: /no space left on device/,
    code: 'BUILD_NO_SPACE',
    blame: 'environment',
    message: (_, { where }) => `The disk of the daemon at ${where.daemon} is full`,
    hint: () => "Free space in the daemon's data root (docker system df shows what fills it)",
  },
  {
    when: /^(COPY|ADD) failed: (?:file not found in build context or excluded by \.dockerignore: )?stat (.+): file does not exist$/,
    code: 'BUILD_COPY_MISSING',
    blame: 'build',
    message: ([, instruction = '', path = '']) => `${instruction} found no ${path}`,
    hint: () => 'Check the path (it is relative to Context) and that .dockerignore does not exclude it',
  },
  {
    when: /^(COPY|ADD) failed: no source files were specified$/,
    code: 'BUILD_COPY_MISSING',
    blame: 'build',
    message: ([, instruction = '']) => `${instruction} found no file that matches its pattern`,
    hint: () => 'Check the pattern (it is relative to Context) and that .dockerignore does not exclude the files',
  },
  {
    when: /^(COPY|ADD) failed: forbidden path outside the build context: (\S+)/,
    code: 'BUILD_COPY_MISSING',
    blame: 'build',
    message: ([, instruction = '', path = '']) => `${instruction} names ${path}, which lies outside the build context`,
    hint: () => 'Copy from inside the context, or set Context to a folder that holds both',
  },
  {
    when: /^(COPY|ADD) failed: /,
    code: 'BUILD_FAILED',
    blame: 'build',
    message: ([, instruction = '']) => `${instruction} failed`,
  },
  {
    when: /the --(\S+) option requires BuildKit/,
    code: 'BUILD_FAILED',
    blame: 'build',
    message: ([, option = '']) =>
      `The Dockerfile uses --${option}, which only BuildKit has; this is the classic builder`,
    hint: () => 'Write that instruction without the option',
  },
  {
    when: /dockerfile parse error (?:on )?line (\d+): (.*)/,
    code: 'DOCKERFILE_INVALID',
    blame: 'build',
    message: ([, line = '', why = ''], { dockerfile }) => `${dockerfile} line ${line}: ${why}`,
    hint: ([, , why = ''], { builder }) => {
      if (!/unknown (instruction|flag)/i.test(why)) return undefined;
      return builder === 'buildkit'
        ? 'Correct the instruction'
        : 'Correct the instruction; here-documents and newer flags need BuildKit, and this is the classic builder';
    },
  },
  {
    when: /file with no instructions|Dockerfile \(.*\) cannot be empty|the Dockerfile cannot be empty/,
    code: 'DOCKERFILE_INVALID',
    blame: 'build',
    message: (_, { dockerfile }) => `${dockerfile} has no instructions`,
  },
  {
    when: /failed to parse Dockerfile: (.*)|base name \((.*)\) should not be blank/,
    code: 'DOCKERFILE_INVALID',
    blame: 'build',
    message: ([, why, base], { dockerfile }) =>
      base === undefined ? `${dockerfile}: ${why ?? ''}` : `${dockerfile}: FROM ${base} names no image`,
    hint: ([, , base]) =>
      base === undefined ? undefined : 'Give the ARG before FROM a default, or set it in BuildArgs',
  },
  {
    when: /failed to reach build target|target stage .* could not be found/,
    code: 'BUILD_TARGET_MISSING',
    blame: 'config',
    message: (_, { dockerfile, target }) => `${dockerfile} has no stage ${target ?? ''}`,
    hint: () => 'Correct Target: it is the name after AS in a FROM line',
  },
  {
    when: /Cannot locate specified Dockerfile|failed to read dockerfile/i,
    code: 'DOCKERFILE_MISSING',
    blame: 'plugin',
    message: (_, { dockerfile }) => `The daemon found no ${dockerfile} in what was sent to it`,
    hint: () => 'Please report this with ecr-image.log, in which secrets are masked',
  },
  {
    when: /cannot parse platform specifier|unknown operating system or architecture/,
    code: 'BUILD_FAILED',
    blame: 'config',
    message: (_, { platform }) => `The daemon does not know the platform ${platform ?? ''}`,
    hint: () => 'Correct Platform: it is os/arch or os/arch/variant, such as linux/arm64',
  },
  {
    when: /network (\S+) not found/,
    code: 'BUILD_FAILED',
    blame: 'config',
    message: ([, network = ''], { where }) => `There is no network ${network} on the daemon at ${where.daemon}`,
    hint: () => 'Correct NetworkMode, or create the network there',
  },
  {
    when: /executable file not found in \$PATH|exec: "([^"]*)": stat [^:]*: no such file or directory/,
    code: 'BUILD_RUN_FAILED',
    blame: 'build',
    message: () => 'RUN could not start: the image has no such program',
    hint: () => 'Check the command and the SHELL; an image without a shell can only run the exec form ["program"]',
  },
  {
    when: /exec format error/,
    code: 'BUILD_RUN_FAILED',
    blame: 'build',
    message: (_, { where }) =>
      `RUN could not start: its program is for another architecture than the daemon at ${where.daemon}`,
    hint: () => "Use a base image for the daemon's architecture, or install binfmt emulation on its machine",
  },
  {
    when: /unable to find user (\S+): /,
    code: 'BUILD_FAILED',
    blame: 'build',
    message: ([, user = '']) => `The image has no user ${user}`,
    hint: () => 'Create the user in the Dockerfile before USER names it',
  },
];

/** In one line, and short enough for it. */
export function shorten(command: string): string {
  const line = command.replace(/\s+/g, ' ').trim();
  return line.length > MAX_COMMAND ? `${line.slice(0, MAX_COMMAND)}…` : line;
}

/** What a shell or the kernel says with an exit code. */
export function meaningOf(exit: string | undefined): string | undefined {
  if (exit === '137') return "137: killed, by the memory limit of the daemon's machine or by the daemon's own end";
  if (exit === '127') return '127: the shell found no such command in the image';
  if (exit === '126') return '126: the command is there and cannot be executed';
  return undefined;
}
