import { meaningOf, shorten, type BuildRow } from './build-rows';

const CHECK_PATH =
  'Check the path (it is relative to Context, with --from to the root of that stage or image) and that .dockerignore does not exclude it';

/** Where 20.10 mounts what it copies from. */
const OVERLAY = /^\S*?\/overlay2\/[^/\s]+\/merged\//;

// Texts of BuildKit in dockerd 20.10 to 29 (measured). First match wins: a command's own text stands in the first.
export const buildKitRows: readonly BuildRow[] = [
  {
    when: /^(?:process "([\s\S]*)" did not complete successfully|executor failed running \[([\s\S]*)\]): exit code: (\d+)(?:: [\s\S]*)?$/,
    code: 'BUILD_RUN_FAILED',
    blame: 'build',
    message: ([, quoted, plain, exit = '']) =>
      `RUN ended with exit code ${exit}: ${shorten(quoted === undefined ? (plain ?? '') : unquoted(quoted))}`,
    hint: ([, , , exit]) => meaningOf(exit),
  },
  {
    when: /secret (\S+?)(?: not found)?: not found$/,
    code: 'BUILD_SECRET_MISSING',
    blame: 'config',
    message: ([, id = ''], { dockerfile }) => `${dockerfile} needs the secret ${id}, which field Secrets does not have`,
    hint: ([, id = '']) => `Add a line to Secrets: id=${id},env=NAME or id=${id},src=PATH`,
  },
  {
    when: /no SSH key "([^"]*)" forwarded from the client/,
    code: 'BUILD_SECRET_MISSING',
    blame: 'config',
    message: ([, id = ''], { dockerfile }) =>
      `${dockerfile} needs the ssh agent ${id === '' ? 'default' : id}, which field Ssh does not have`,
    hint: ([, id = '']) => `Add a line to Ssh: ${id === '' ? 'default' : id}`,
  },
  {
    when: /^failed to compute cache key: (?:failed to calculate checksum of ref \S+: )?"\/?([^"]*)"(?: not found)?: not found$/,
    code: 'BUILD_COPY_MISSING',
    blame: 'build',
    message: ([, path = '']) => `COPY or ADD found no ${path}`,
    hint: () => CHECK_PATH,
  },
  {
    when: /^lstat \/(.+): no such file or directory$/,
    code: 'BUILD_COPY_MISSING',
    blame: 'build',
    message: ([, path = '']) => `COPY or ADD found no ${path.replace(OVERLAY, '')}`,
    hint: () => CHECK_PATH,
  },
  {
    when: /^(?:failed to load cache key: )?Get "(https?:\/\/[^/"]+\/(?!v2\/)[^"]*)": /,
    code: 'BUILD_FAILED',
    blame: 'build',
    message: ([, url = ''], { where }) => `ADD could not fetch ${url} to the daemon at ${where.daemon}`,
    hint: () => "It is the daemon's machine that must reach it: check the address, and DNS, routes and proxy there",
  },
  {
    when: /network\.host is not allowed/,
    code: 'BUILD_FAILED',
    blame: 'config',
    message: (_, { dockerfile }) => `${dockerfile} has RUN --network=host, which this task does not allow`,
    hint: () => 'Set NetworkMode=host, or write RUN without it',
  },
  {
    when: /security\.insecure is not allowed/,
    code: 'BUILD_FAILED',
    blame: 'build',
    message: (_, { dockerfile }) => `${dockerfile} has RUN --security=insecure, which this task never allows`,
    hint: () => 'Write RUN without it',
  },
  {
    when: /network mode "([^"]*)" not supported by buildkit/,
    code: 'BUILD_FAILED',
    blame: 'config',
    message: ([, network = '']) => `BuildKit has no network ${network}`,
    hint: () => 'Set NetworkMode to default, none or host, or Builder=classic',
  },
  {
    when: /no active session/,
    code: 'DAEMON_CONNECTION_LOST',
    blame: 'environment',
    message: (_, { where }) => `BuildKit of the daemon at ${where.daemon} lost the session with this task`,
    hint: () => "Look into the daemon's log for a restart; a proxy on the way may have cut the connection",
  },
  {
    when: /^error writing (?:layer|manifest|config) blob: /,
    code: 'BUILD_FAILED',
    blame: 'environment',
    hop: 'daemon-registry',
    message: ({ input }, { where }) =>
      `The daemon at ${where.daemon} could not write the cache of CacheTo${repositoryIn(input)}`,
    hint: () =>
      'The repository must be there, its tags mutable, and its login (RegistryLogins, where it is not the one pushed to) allowed to push; ECR wants image-manifest=true,oci-mediatypes=true',
  },
  {
    when: /unknown cache exporter: "?([\w-]+)"?/,
    code: 'BUILD_FAILED',
    blame: 'config',
    message: ([, type = ''], { where }) => `The daemon at ${where.daemon} has no cache of type=${type}`,
    hint: () => 'Set CacheTo to type=inline, or name a daemon with the containerd image store in DockerHost',
  },
];

/** ` to host/repository`, of a registry's URL; a reference is no longer than that. */
function repositoryIn(text: string): string {
  const [, host, path] = /https?:\/\/([^/"\s]{1,255})\/v2\/([^"\s]{1,255}?)\/(?:blobs|manifests)\//.exec(text) ?? [];
  return host === undefined || path === undefined ? '' : ` to ${host}/${path}`;
}

/** Go's %q, as far as a shell's command needs it. */
function unquoted(text: string): string {
  return text.replace(/\\(["\\])/g, '$1').replace(/\\[nt]/g, ' ');
}
