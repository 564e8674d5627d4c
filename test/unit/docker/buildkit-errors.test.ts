import { buildError } from '../../../src/docker/errors/build-errors';
import { told } from './told';
import { where } from './where';

const names = {
  where: where(),
  dockerfile: 'docker/Dockerfile',
  target: 'zzz',
  platform: 'linux/arm64',
  networkMode: undefined,
  builder: 'buildkit' as const,
};
const at = 'the daemon at unix:///run/d.sock (field DockerHost)';
const FRONTEND = 'failed to solve with frontend dockerfile.v0: ';
const LLB = `${FRONTEND}failed to create LLB definition: `;

const run = (message: string, hint?: string): object => ({ code: 'BUILD_RUN_FAILED', message, hint });
const copy = (path: string): object => ({
  code: 'BUILD_COPY_MISSING',
  message: `COPY or ADD found no ${path}`,
  hint: 'Check the path (it is relative to Context, with --from to the root of that stage or image) and that .dockerignore does not exclude it',
});
const secret = (id: string): object => ({
  code: 'BUILD_SECRET_MISSING',
  blame: 'config',
  message: `docker/Dockerfile needs the secret ${id}, which field Secrets does not have`,
  hint: `Add a line to Secrets: id=${id},env=NAME or id=${id},src=PATH`,
});
const invalid = (message: string, hint?: string): object => ({ code: 'DOCKERFILE_INVALID', message, hint });
const noStage = {
  code: 'BUILD_TARGET_MISSING',
  blame: 'config',
  message: 'docker/Dockerfile has no stage zzz',
  hint: 'Correct Target: it is the name after AS in a FROM line',
};
const base = { hop: 'daemon-registry', blame: 'environment' };
const denied = {
  ...base,
  code: 'BASE_IMAGE_DENIED',
  message: 'The registry does not let the daemon have the base image 127.0.0.1:5601/seed/app:1',
  hint: 'Check the name in FROM; let this identity pull it, or name another login for that registry in RegistryLogins (a missing image is often reported so)',
};
const missing = (ref: string): object => ({
  ...base,
  blame: 'build',
  code: 'BASE_IMAGE_MISSING',
  message: `The registry does not have the base image ${ref}`,
  hint: 'Correct the name or the tag in FROM',
});
const unreachable = (registry: string): object => ({
  ...base,
  code: 'BASE_REGISTRY_UNREACHABLE',
  message: `The daemon at unix:///run/d.sock (field DockerHost) cannot reach the registry ${registry}`,
  hint: "It is the daemon's machine that must reach it: check DNS, routes and proxy there, not on this agent",
  transient: true,
});
const notFetched = {
  message: `ADD could not fetch http://127.0.0.1:9/x to ${at}`,
  hint: "It is the daemon's machine that must reach it: check the address, and DNS, routes and proxy there",
};
const killed = "137: killed, by the memory limit of the daemon's machine or by the daemon's own end";

// What 20.10 and 29 (both stores) answered, word for word.
const rows: readonly [text: string, told: object][] = [
  [
    'executor failed running [/bin/sh -c echo out; exit 7]: exit code: 7',
    run('RUN ended with exit code 7: /bin/sh -c echo out; exit 7'),
  ],
  [
    'process "/bin/sh -c echo out; exit 7" did not complete successfully: exit code: 7',
    run('RUN ended with exit code 7: /bin/sh -c echo out; exit 7'),
  ],
  [
    'process "/bin/sh -c echo \\"a b\\" && cat <<X\\nc\\nX" did not complete successfully: exit code: 1',
    run('RUN ended with exit code 1: /bin/sh -c echo "a b" && cat <<X c X'),
  ],
  [
    'process "/bin/sh -c make" did not complete successfully: exit code: 137: context canceled: context canceled',
    run('RUN ended with exit code 137: /bin/sh -c make', killed),
  ],
  [
    'process "/bin/sh -c echo network.host is not allowed" did not complete successfully: exit code: 1',
    run('RUN ended with exit code 1: /bin/sh -c echo network.host is not allowed'),
  ],
  [
    'executor failed running [/bin/sh -c nosuch]: exit code: 127',
    run('RUN ended with exit code 127: /bin/sh -c nosuch', '127: the shell found no such command in the image'),
  ],
  [
    'process "/bin/sh -c true" did not complete successfully: unable to find user nobodyy: no matching entries in passwd file',
    {
      code: 'BUILD_FAILED',
      message: 'The image has no user nobodyy',
      hint: 'Create the user in the Dockerfile before USER names it',
    },
  ],
  ['failed to compute cache key: "/nope.txt" not found: not found', copy('nope.txt')],
  [
    'failed to compute cache key: failed to calculate checksum of ref pttcno7c::pn5unmuv: "/nope.txt": not found',
    copy('nope.txt'),
  ],
  ['lstat /nope: no such file or directory', copy('nope')],
  ['lstat /var/lib/docker/overlay2/82020918/merged/a b: no such file or directory', copy('a b')],
  ['secret nosuch not found: not found', secret('nosuch')],
  ['secret nosuch: not found', secret('nosuch')],
  [
    'no SSH key "" forwarded from the client',
    {
      code: 'BUILD_SECRET_MISSING',
      blame: 'config',
      message: 'docker/Dockerfile needs the ssh agent default, which field Ssh does not have',
      hint: 'Add a line to Ssh: default',
    },
  ],
  [
    'no SSH key "deploy" forwarded from the client',
    {
      code: 'BUILD_SECRET_MISSING',
      blame: 'config',
      message: 'docker/Dockerfile needs the ssh agent deploy, which field Ssh does not have',
      hint: 'Add a line to Ssh: deploy',
    },
  ],
  [
    `${LLB}dockerfile parse error line 3: unknown instruction: BOGUS`,
    invalid('docker/Dockerfile line 3: unknown instruction: BOGUS', 'Correct the instruction'),
  ],
  [
    'dockerfile parse error on line 3: ENV names can not be blank',
    invalid('docker/Dockerfile line 3: ENV names can not be blank'),
  ],
  [`${LLB}file with no instructions`, invalid('docker/Dockerfile has no instructions')],
  [
    'base name ($BB) should not be blank',
    invalid('docker/Dockerfile: FROM $BB names no image', 'Give the ARG before FROM a default, or set it in BuildArgs'),
  ],
  [`${LLB}target stage zzz could not be found`, noStage],
  ['target stage "zzz" could not be found', noStage],
  [
    'failed to read dockerfile: open Dockerfile: no such file or directory',
    {
      code: 'DOCKERFILE_MISSING',
      blame: 'plugin',
      message: 'The daemon found no docker/Dockerfile in what was sent to it',
      hint: 'Please report this with ecr-image.log, in which secrets are masked',
    },
  ],
  [
    'failed to copy: write /var/lib/docker/x: no space left on device',
    {
      code: 'BUILD_NO_SPACE',
      hop: 'agent-daemon',
      blame: 'environment',
      message: `The disk of ${at} is full`,
      hint: "Free space in the daemon's data root (docker system df shows what fills it)",
    },
  ],
  [
    'failed to load cache key: Get "http://127.0.0.1:9/x": dial tcp 127.0.0.1:9: connect: connection refused',
    { code: 'BUILD_FAILED', ...notFetched },
  ],
  [
    'Get "http://127.0.0.1:9/x": dial tcp 127.0.0.1:9: connect: connection refused',
    { code: 'BUILD_FAILED', ...notFetched },
  ],
  [
    'failed to load LLB: network.host is not allowed',
    {
      code: 'BUILD_FAILED',
      blame: 'config',
      message: 'docker/Dockerfile has RUN --network=host, which this task does not allow',
      hint: 'Set NetworkMode=host, or write RUN without it',
    },
  ],
  [
    'failed to load LLB: security.insecure is not allowed',
    {
      code: 'BUILD_FAILED',
      message: 'docker/Dockerfile has RUN --security=insecure, which this task never allows',
      hint: 'Write RUN without it',
    },
  ],
  [
    'network mode "nosuch" not supported by buildkit',
    {
      code: 'BUILD_FAILED',
      blame: 'config',
      message: 'BuildKit has no network nosuch',
      hint: 'Set NetworkMode to default, none or host, or Builder=classic',
    },
  ],
  [
    `${LLB}no active sessions`,
    {
      code: 'DAEMON_CONNECTION_LOST',
      hop: 'agent-daemon',
      blame: 'environment',
      message: `BuildKit of ${at} lost the session with this task`,
      hint: "Look into the daemon's log for a restart; a proxy on the way may have cut the connection",
    },
  ],
  [
    'unknown cache exporter: "registry"',
    {
      code: 'BUILD_FAILED',
      blame: 'config',
      message: `The daemon at unix:///run/d.sock (field DockerHost) has no cache of type=registry`,
      hint: 'Set CacheTo to type=inline, or name a daemon with the containerd image store in DockerHost',
    },
  ],
  [
    'error writing layer blob: unexpected status from HEAD request to http://127.0.0.1:5601/v2/cache/app/blobs/sha256:9cf5: 401 Unauthorized',
    {
      code: 'BUILD_FAILED',
      hop: 'daemon-registry',
      blame: 'environment',
      message:
        'The daemon at unix:///run/d.sock (field DockerHost) could not write the cache of CacheTo to 127.0.0.1:5601/cache/app',
      hint: 'The repository must be there, its tags mutable, and its login (RegistryLogins, where it is not the one pushed to) allowed to push; ECR wants image-manifest=true,oci-mediatypes=true',
    },
  ],
  [
    `${LLB}pulling from host 127.0.0.1:5601 failed with status code [manifests 1]: 401 Unauthorized`,
    { ...denied, message: 'The registry does not let the daemon have the base image' },
  ],
  [
    '127.0.0.1:5601/seed/app:1: failed to resolve source metadata for 127.0.0.1:5601/seed/app:1: unexpected status from HEAD request to http://127.0.0.1:5601/v2/seed/app/manifests/1: 401 Unauthorized',
    denied,
  ],
  [`${LLB}127.0.0.1:5601/seed/app:nope: not found`, missing('127.0.0.1:5601/seed/app:nope')],
  ['failed to load cache key: 127.0.0.1:5601/seed/app:nope: not found', missing('127.0.0.1:5601/seed/app:nope')],
  [
    '127.0.0.1:5601/nope/app:1: failed to resolve source metadata for 127.0.0.1:5601/nope/app:1: 127.0.0.1:5601/nope/app:1: not found',
    missing('127.0.0.1:5601/nope/app:1'),
  ],
  [
    `${LLB}failed to do request: Head "http://127.0.0.1:9/v2/nope/manifests/1": dial tcp 127.0.0.1:9: connect: connection refused`,
    unreachable('127.0.0.1:9'),
  ],
  [
    `${FRONTEND}failed to solve with frontend gateway.v0: 127.0.0.1:5601/docker/dockerfile:1: not found`,
    {
      ...missing(''),
      message: 'The registry does not have 127.0.0.1:5601/docker/dockerfile:1 of the # syntax= line',
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

test('a command of the classic builder may speak as BuildKit does', () => {
  const text = "The command '/bin/sh -c echo network.host is not allowed' returned a non-zero code: 1";
  expect(buildError(text, { ...names, builder: 'classic' }).code).toBe('BUILD_RUN_FAILED');
});
