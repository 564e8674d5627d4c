import { BUILDKIT_FIELDS, REGISTRY_FIELDS } from './buildkit/fields';
import { AWS_FIELDS, PUSH_FIELDS, REPOSITORY_FIELDS } from './ecr-fields';
import { field, type FieldRow, type Group } from './field';

export type { FieldKind, FieldRow, Group, GroupId } from './field';

/** In the order of the form. */
export const GROUPS: readonly Group[] = [
  { id: 'main', title: 'Image' },
  { id: 'push', title: 'Tags, targets and source' },
  { id: 'build', title: 'Build options' },
  { id: 'buildkit', title: 'BuildKit' },
  { id: 'registries', title: 'Registries and cache' },
  { id: 'daemon', title: 'TLS to the daemon' },
  { id: 'aws', title: 'AWS' },
  { id: 'repository', title: 'ECR repository' },
  { id: 'run', title: 'Run and results' },
];

const SWITCH = ['true', 'false'];

// Placeholders are texts, not expressions: AngularJS reads only double braces.
const TABLE = [
  field('Repository', 'Repository', 'text', 'main', {
    required: true,
    placeholder: 'team/app, or 123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app',
    help: 'Name of the ECR repository, or its whole address; an address also tells the registry, the account and the region.',
  }),
  field('Tags', 'Tags', 'tags', 'main', {
    default: '${GO_PIPELINE_LABEL}',
    placeholder: '${GO_PIPELINE_LABEL}',
    help: 'Tags to push, one per line or separated by commas; `${NAME|tag}` makes any text a legal tag.',
  }),
  field('Context', 'Context', 'text', 'main', {
    default: '.',
    placeholder: '.',
    help: "Folder to build from, inside the job's working directory.",
  }),
  field('Dockerfile', 'Dockerfile', 'text', 'main', {
    placeholder: '<Context>/Dockerfile',
    help: 'Path of the Dockerfile, relative to the working directory as with `docker build -f`; it may lie outside the context.',
  }),
  field('BuildArgs', 'Build arguments', 'pairs', 'main', {
    placeholder: 'VERSION=${GO_PIPELINE_LABEL}',
    help: "One `KEY=VALUE` per line; `KEY` alone takes the job's variable of that name. Not for secrets: they end up in the image's history.",
  }),
  field('DockerHost', 'Docker daemon', 'text', 'main', {
    placeholder: 'DOCKER_HOST, else unix:///var/run/docker.sock',
    suggestions: ['unix:///var/run/docker.sock', 'tcp://docker:2376', 'ssh://go@build-2'],
    help: "The daemon that builds: `unix:///path`, `tcp://host:port`, `ssh://user@host`, or a name from the agent's settings.",
  }),
  ...PUSH_FIELDS,
  field('Target', 'Target stage', 'text', 'build', {
    placeholder: 'the last stage',
    help: 'Stage of the Dockerfile to build.',
  }),
  field('Platform', 'Platform', 'text', 'build', {
    placeholder: "the daemon's",
    suggestions: ['linux/amd64', 'linux/arm64'],
    help: 'Platform of the image as `os/arch[/variant]`; it is checked against the base images and the daemon before the build.',
  }),
  field('NoCache', 'No cache', 'switch-or-names', 'build', {
    default: 'false',
    placeholder: 'false',
    suggestions: SWITCH,
    help: '`true` builds every step anew; the names of stages, separated by commas, build those anew (BuildKit).',
  }),
  field('Pull', 'Pull base images', 'boolean', 'build', {
    default: 'false',
    placeholder: 'false',
    choices: SWITCH,
    help: '`true` asks the registries for newer base images, even where the daemon has one.',
  }),
  field('Labels', 'Labels', 'pairs', 'build', {
    placeholder: 'com.example.team=payments',
    help: 'Labels of the image, one `KEY=VALUE` per line.',
  }),
  field('OciLabels', 'OCI labels', 'boolean', 'build', {
    default: 'true',
    placeholder: 'true',
    choices: SWITCH,
    help: 'Adds the labels `org.opencontainers.image.revision`, `.source` and `.version` of this run.',
  }),
  field('NetworkMode', 'Network mode', 'text', 'build', {
    placeholder: 'default',
    suggestions: ['default', 'none', 'host'],
    help: "Network of the build's RUN steps: `default`, `none`, `host`, or the name of a network on the daemon.",
  }),
  field('ExtraHosts', 'Extra hosts', 'lines', 'build', {
    placeholder: 'registry.local:10.0.0.7',
    help: 'Entries for `/etc/hosts` during the build, one `host:address` per line; the address may be `host-gateway`.',
  }),
  field('ShmSize', 'Size of /dev/shm', 'text', 'build', {
    placeholder: "the daemon's, 64m",
    suggestions: ['256m', '1g'],
    help: 'Size of `/dev/shm` in the RUN steps: bytes, or a number with `k`, `m` or `g`.',
  }),
  field('Ulimits', 'Limits', 'lines', 'build', {
    placeholder: 'nofile=1024:2048',
    help: 'Limits of the RUN steps, one `name=soft:hard` per line; `-1` is no limit.',
  }),
  ...BUILDKIT_FIELDS,
  ...REGISTRY_FIELDS,
  field('TlsVerify', 'TLS to the daemon', 'boolean', 'daemon', {
    placeholder: 'as DOCKER_TLS_VERIFY says',
    choices: SWITCH,
    help: '`true` is verified TLS, `false` is plain TCP; blank decides as the docker CLI does.',
  }),
  field('CertPath', 'Certificate folder', 'text', 'daemon', {
    placeholder: 'as DOCKER_CERT_PATH says',
    help: 'Folder with `ca.pem`, `cert.pem` and `key.pem` for the daemon named by DockerHost.',
  }),
  field('TlsCa', 'Authority in a variable', 'text', 'daemon', {
    placeholder: 'DOCKER_CA_PEM',
    help: "Instead of CertPath, for an agent without files: the job's variable that holds the PEM of the authority which signed the daemon's certificate.",
  }),
  field('TlsCert', 'Certificate in a variable', 'text', 'daemon', {
    placeholder: 'DOCKER_CERT_PEM',
    help: "The job's variable that holds the PEM of the client certificate; TlsKey goes with it.",
  }),
  field('TlsKey', 'Key in a variable', 'text', 'daemon', {
    placeholder: 'DOCKER_KEY_PEM',
    help: "The job's secure variable that holds the PEM of the client certificate's key, without a passphrase.",
  }),
  ...AWS_FIELDS,
  ...REPOSITORY_FIELDS,
  field('Mode', 'Mode', 'choice', 'run', {
    default: 'push',
    placeholder: 'push',
    choices: ['push', 'build', 'check'],
    help: '`push` builds and pushes, `build` leaves the image on the daemon under its tags, `check` tries every connection and builds nothing.',
  }),
  field('Cleanup', 'Clean-up', 'choice', 'run', {
    default: 'own',
    placeholder: 'own',
    choices: ['own', 'keep'],
    help: '`own` removes the references that this run made on the daemon, `keep` leaves the tags there; the build cache always stays.',
  }),
  field('TimeoutMinutes', 'Timeout in minutes', 'number', 'run', {
    placeholder: 'none',
    help: 'Ends the whole task after so many minutes.',
  }),
  field('ResultFile', 'Result file', 'text', 'run', {
    default: 'ecr-image.json',
    placeholder: 'ecr-image.json',
    help: 'Where the result is written, inside the working directory; `.env`, `.log` and `.failed.json` get the same stem.',
  }),
];

/** The keys that exist. */
export type FieldKey = (typeof TABLE)[number]['key'];

export type Field = FieldRow<FieldKey>;

/** THE table of the task's fields, in the order of the form. What is not in it does not exist. */
export const FIELDS: readonly Field[] = TABLE;

const BY_KEY: ReadonlyMap<string, Field> = new Map(FIELDS.map((row) => [row.key, row]));

/** undefined: no such field. */
export function fieldNamed(key: string): Field | undefined {
  return BY_KEY.get(key);
}
