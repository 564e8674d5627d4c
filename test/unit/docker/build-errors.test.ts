import { buildError } from '../../../src/docker/errors/build-errors';
import { told } from './told';
import { where } from './where';

const names = {
  where: where(),
  dockerfile: 'docker/Dockerfile',
  target: 'zzz',
  platform: 'foo/bar',
  networkMode: 'nosuchnet',
};
const at = 'the daemon at unix:///run/d.sock (field DockerHost)';

const run = (message: string, hint?: string): object => ({ code: 'BUILD_RUN_FAILED', message, hint });
const copy = (message: string, hint: string): object => ({ code: 'BUILD_COPY_MISSING', message, hint });
const invalid = (message: string, hint?: string): object => ({ code: 'DOCKERFILE_INVALID', message, hint });

// What 20.10 and 29 answered, word for word.
const rows: readonly [text: string, told: object][] = [
  [
    "The command '/bin/sh -c echo out; exit 7' returned a non-zero code: 7",
    run('RUN ended with exit code 7: /bin/sh -c echo out; exit 7'),
  ],
  [
    "The command '/bin/sh -c nosuch' returned a non-zero code: 127",
    run('RUN ended with exit code 127: /bin/sh -c nosuch', '127: the shell found no such command in the image'),
  ],
  [
    "The command '/bin/sh -c ./x' returned a non-zero code: 126",
    run('RUN ended with exit code 126: /bin/sh -c ./x', '126: the command is there and cannot be executed'),
  ],
  [
    "The command '/bin/sh -c make' returned a non-zero code: 137",
    run(
      'RUN ended with exit code 137: /bin/sh -c make',
      "137: killed, by the memory limit of the daemon's machine or by the daemon's own end",
    ),
  ],
  [
    "The command '/bin/sh -c echo no space left on device; echo dial tcp' returned a non-zero code: 1",
    run('RUN ended with exit code 1: /bin/sh -c echo no space left on device; echo dial tcp'),
  ],
  ['building at STEP "RUN exit 7": while running runtime: exit status 7\n', run('RUN ended with exit code 7: exit 7')],
  [
    'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "nope": executable file not found in $PATH: unknown',
    run(
      'RUN could not start: the image has no such program',
      'Check the command and the SHELL; an image without a shell can only run the exec form ["program"]',
    ),
  ],
  [
    'failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "/bin/nosh": stat /bin/nosh: no such file or directory',
    run(
      'RUN could not start: the image has no such program',
      'Check the command and the SHELL; an image without a shell can only run the exec form ["program"]',
    ),
  ],
  [
    'failed to create shim task: exec /bin/sh: exec format error: unknown',
    run(
      `RUN could not start: its program is for another architecture than ${at}`,
      "Use a base image for the daemon's architecture, or install binfmt emulation on its machine",
    ),
  ],
  [
    'COPY failed: file not found in build context or excluded by .dockerignore: stat nope: file does not exist',
    copy('COPY found no nope', 'Check the path (it is relative to Context) and that .dockerignore does not exclude it'),
  ],
  [
    'ADD failed: file not found in build context or excluded by .dockerignore: stat nope: file does not exist',
    copy('ADD found no nope', 'Check the path (it is relative to Context) and that .dockerignore does not exclude it'),
  ],
  [
    'COPY failed: stat nope: file does not exist',
    copy('COPY found no nope', 'Check the path (it is relative to Context) and that .dockerignore does not exclude it'),
  ],
  [
    'COPY failed: no source files were specified',
    copy(
      'COPY found no file that matches its pattern',
      'Check the pattern (it is relative to Context) and that .dockerignore does not exclude the files',
    ),
  ],
  [
    'COPY failed: forbidden path outside the build context: ../x ()',
    copy(
      'COPY names ../x, which lies outside the build context',
      'Copy from inside the context, or set Context to a folder that holds both',
    ),
  ],
  [
    'ADD failed: Get "http://127.0.0.1:9/x": dial tcp 127.0.0.1:9: connect: connection refused',
    { code: 'BUILD_FAILED', message: 'ADD failed', hint: undefined },
  ],
  [
    'the --mount option requires BuildKit. Refer to https://docs.docker.com/go/buildkit/ to learn how to build images with BuildKit enabled',
    {
      code: 'BUILD_FAILED',
      message: 'The Dockerfile uses --mount, which only BuildKit has; this is the classic builder',
      hint: 'Write that instruction without the option',
    },
  ],
  [
    'dockerfile parse error line 2: unknown instruction: FOO',
    invalid(
      'docker/Dockerfile line 2: unknown instruction: FOO',
      'Correct the instruction; here-documents and newer flags need BuildKit, and this is the classic builder',
    ),
  ],
  [
    'dockerfile parse error on line 2: unknown instruction: FOO (did you mean FROM?)',
    invalid(
      'docker/Dockerfile line 2: unknown instruction: FOO (did you mean FROM?)',
      'Correct the instruction; here-documents and newer flags need BuildKit, and this is the classic builder',
    ),
  ],
  [
    'dockerfile parse error line 2: Unknown flag: link',
    invalid(
      'docker/Dockerfile line 2: Unknown flag: link',
      'Correct the instruction; here-documents and newer flags need BuildKit, and this is the classic builder',
    ),
  ],
  [
    'dockerfile parse error line 3: FROM requires either one or three arguments',
    invalid('docker/Dockerfile line 3: FROM requires either one or three arguments'),
  ],
  ['failed to parse Dockerfile: file with no instructions', invalid('docker/Dockerfile has no instructions')],
  ['the Dockerfile (Dockerfile) cannot be empty', invalid('docker/Dockerfile has no instructions')],
  [
    'failed to parse Dockerfile: Syntax error - can\'t find = in "x"',
    invalid('docker/Dockerfile: Syntax error - can\'t find = in "x"'),
  ],
  [
    'base name ($B) should not be blank',
    invalid('docker/Dockerfile: FROM $B names no image', 'Give the ARG before FROM a default, or set it in BuildArgs'),
  ],
  ...['failed to reach build target zzz in Dockerfile', 'target stage "zzz" could not be found'].map(
    (text): [string, object] => [
      text,
      {
        code: 'BUILD_TARGET_MISSING',
        blame: 'config',
        message: 'docker/Dockerfile has no stage zzz',
        hint: 'Correct Target: it is the name after AS in a FROM line',
      },
    ],
  ),
  [
    'Cannot locate specified Dockerfile: .dockerfile.1',
    {
      code: 'DOCKERFILE_MISSING',
      blame: 'plugin',
      message: 'The daemon found no docker/Dockerfile in what was sent to it',
      hint: 'Please report this with ecr-image.log, in which secrets are masked',
    },
  ],
  [
    'write /var/lib/docker/tmp/x: no space left on device',
    {
      code: 'BUILD_NO_SPACE',
      hop: 'agent-daemon',
      blame: 'environment',
      message: `The disk of ${at} is full`,
      hint: "Free space in the daemon's data root (docker system df shows what fills it)",
    },
  ],
  [
    '"foo/bar": cannot parse platform specifier: invalid argument',
    {
      code: 'BUILD_FAILED',
      blame: 'config',
      message: 'The daemon does not know the platform foo/bar',
      hint: 'Correct Platform: it is os/arch or os/arch/variant, such as linux/arm64',
    },
  ],
  ...['network nosuchnet not found', 'failed to set up container networking: network nosuchnet not found'].map(
    (text): [string, object] => [
      text,
      {
        code: 'BUILD_FAILED',
        blame: 'config',
        message: `There is no network nosuchnet on ${at}`,
        hint: 'Correct NetworkMode, or create the network there',
      },
    ],
  ),
  [
    'unable to find user nobody: no matching entries in passwd file',
    {
      code: 'BUILD_FAILED',
      message: 'The image has no user nobody',
      hint: 'Create the user in the Dockerfile before USER names it',
    },
  ],
  ['something new', { code: 'BUILD_FAILED', message: 'The build failed', hint: undefined }],
];

test.each(rows)('%s', (text, expected) => {
  expect(told(buildError(text, names))).toEqual({
    hop: 'none',
    blame: 'build',
    words: text,
    transient: false,
    ...expected,
  });
});

test('a command of many lines is told in one short line, and whole in the words', () => {
  const command = `/bin/sh -c make   all\n\tdeep ${'x'.repeat(300)}`;
  const text = `The command '${command}' returned a non-zero code: 2`;
  const error = buildError(text, names);
  expect(error.message).toBe(`RUN ended with exit code 2: /bin/sh -c make all deep ${'x'.repeat(175)}…`);
  expect(error.words).toBe(text);
});
