import { mountRefused, pushDenied, pushError } from '../../../src/docker/errors/push-errors';
import { parseTag, type TaggedRef } from '../../../src/domain/image-ref';
import { told } from './told';
import { where } from './where';

const host = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const target: TaggedRef = { repository: { host, path: 'team/app' }, tag: parseTag('1.42')! };
const ref = `${host}/team/app:1.42`;
const daemon = 'the daemon at unix:///run/d.sock (field DockerHost)';
const names = { where: where(), target, daemonRetried: false };

const expired = {
  code: 'PUSH_TOKEN_EXPIRED',
  message: `The authorization token for ${host} has expired`,
  hint: "If a new token expires as well, correct this agent's clock (NTP)",
};
const immutable = {
  code: 'PUSH_TAG_IMMUTABLE',
  blame: 'config',
  message: `The tag 1.42 is in ${host}/team/app already, and tags there are immutable`,
  hint: "Give each run a tag of its own in Tags, or make the repository's tags mutable",
};
const denied = {
  code: 'PUSH_DENIED',
  message: `The registry does not allow the push of ${ref}`,
  hint: 'Allow ecr:BatchCheckLayerAvailability, ecr:InitiateLayerUpload, ecr:UploadLayerPart, ecr:CompleteLayerUpload and ecr:PutImage on the repository',
};
const anonymous = {
  code: 'PUSH_UNAUTHORIZED',
  message: `The daemon sent no credentials to ${host}`,
  hint: `Check that ${host} is the registry that the token was issued for`,
};
const unauthorized = { ...anonymous, message: `The registry ${host} does not accept the credentials` };
const missing = {
  code: 'PUSH_REPOSITORY_MISSING',
  blame: 'config',
  message: `There is no repository ${host}/team/app`,
  hint: 'Create it, or correct Repository, Region or RegistryId',
};
const throttled = {
  code: 'PUSH_THROTTLED',
  message: `The registry ${host} throttles the daemon`,
  hint: 'Push less at the same time, or have the quota raised',
  transient: true,
};
const outOfOrder = {
  code: 'PUSH_REGISTRY_ERROR',
  message: `The registry ${host} failed during the push of ${ref}`,
  hint: 'The registry is out of order: run the task again later',
  transient: true,
};
const broken = {
  code: 'PUSH_REGISTRY_ERROR',
  message: `The connection from the daemon to the registry ${host} broke off during the push of ${ref}`,
  hint: `Look at the network between ${daemon} and the registry`,
  transient: true,
};
const unreachable = {
  code: 'REGISTRY_UNREACHABLE',
  message: `The daemon at unix:///run/d.sock (field DockerHost) cannot reach the registry ${host}`,
  hint: "It is the daemon's machine that must reach it: check DNS, routes and proxy there, not on this agent",
  transient: true,
};
const untrusted = {
  code: 'REGISTRY_UNREACHABLE',
  message: `The daemon at unix:///run/d.sock (field DockerHost) does not trust the certificate of the registry ${host}`,
  hint: `Put the registry's authority into /etc/docker/certs.d/${host}/ca.crt on the daemon's machine`,
};
const vanished = {
  code: 'IMAGE_VANISHED',
  hop: 'agent-daemon',
  message: `${ref} is gone from ${daemon}`,
  hint: 'Another job, or something that prunes images, took it away while it was pushed',
  transient: true,
};
const unclear = {
  code: 'PUSH_FAILED',
  message: `The registry ${host} refused the push of ${ref}, and the daemon does not tell why`,
  hint: "ecr-image.log has the daemon's whole stream",
  transient: true,
};

// G: classic store, C: containerd store; texts as measured.
const rows: readonly [text: string, told: object][] = [
  ['denied: Your authorization token has expired. Reauthenticate and try again.', expired],
  ["denied: Your Authorization Token has expired. Please run 'aws ecr get-login' to fetch a new one.", expired],
  ['error from registry: Your authorization token has expired. Reauthenticate and try again.', expired],
  [
    "tag invalid: The image tag '1.42' already exists in the 'team/app' repository and cannot be overwritten because the tag is immutable.",
    immutable,
  ],
  [
    "tag invalid: The image tag '1.42' already exists in the 'team/app' repository and cannot be overwritten because the repository is immutable.",
    immutable,
  ],
  [
    "error from registry: The image tag '1.42' already exists in the 'team/app' repository and cannot be overwritten because the tag is immutable.",
    immutable,
  ],
  [
    'denied: User: arn:aws:sts::123456789012:assumed-role/ci/x is not authorized to perform: ecr:InitiateLayerUpload on resource: arn:aws:ecr:eu-west-1:123456789012:repository/team/app',
    {
      code: 'PUSH_DENIED',
      message: `The registry does not allow the push of ${ref}: ecr:InitiateLayerUpload is denied`,
      hint: 'Allow ecr:InitiateLayerUpload on arn:aws:ecr:eu-west-1:123456789012:repository/team/app for the identity that the token was issued to',
    },
  ],
  [
    'error from registry: User: arn:aws:iam::1:user/x is not authorized to perform: ecr:PutImage because no policy allows it',
    {
      code: 'PUSH_DENIED',
      message: `The registry does not allow the push of ${ref}: ecr:PutImage is denied`,
      hint: 'Allow ecr:PutImage on the repository for the identity that the token was issued to',
    },
  ],
  ['denied: requested access to the resource is denied', denied],
  ['push access denied, repository does not exist or may require authorization: server message: no', denied],
  ['no basic auth credentials', anonymous],
  ['Bad parameters and missing X-Registry-Auth: EOF', anonymous],
  [
    'push access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials',
    anonymous,
  ],
  ['unauthorized: authentication required', unauthorized],
  ["name unknown: The repository with name 'team/app' does not exist in the registry with id '123456789012'", missing],
  [
    "error from registry: The repository with name 'team/app' does not exist in the registry with id '123456789012'",
    missing,
  ],
  ['toomanyrequests: Rate exceeded', throttled],
  ['error from registry: Rate exceeded', throttled],
  [
    `unknown: unexpected status from HEAD request to https://${host}/v2/team/app/blobs/sha256:1: 429 Too Many Requests`,
    throttled,
  ],
  ['received unexpected HTTP status: 500 Internal Server Error', outOfOrder],
  ['received unexpected HTTP status: 503 Service Unavailable', outOfOrder],
  [
    `failed to copy: unexpected status from POST request to https://${host}/v2/team/app/blobs/uploads/: 500 Internal Server Error`,
    outOfOrder,
  ],
  ['errors:\ndigest invalid\nmanifest blob unknown: blob unknown to registry\n', outOfOrder],
  ['write tcp 127.0.0.1:47984->127.0.0.1:5055: use of closed network connection', broken],
  [
    `failed commit on ref "layer-sha256:1": failed to do request: Put "https://${host}/v2/x": read tcp 1.1.1.1:1->2.2.2.2:443: read: connection reset by peer`,
    broken,
  ],
  [`failed to do request: Put "https://${host}/v2/x": EOF`, broken],
  [`Get "https://${host}/v2/": dial tcp 10.0.0.1:443: connect: connection refused`, unreachable],
  [`Get "https://${host}/v2/": dial tcp: lookup ${host} on 10.255.255.53:53: no such host`, unreachable],
  [`failed to do request: Head "https://${host}/v2/x": dial tcp 10.0.0.1:443: i/o timeout`, unreachable],
  [`Get "https://${host}/v2/": net/http: TLS handshake timeout`, unreachable],
  [`Get "https://${host}/v2/": x509: certificate signed by unknown authority`, untrusted],
  [
    `failed to do request: Head "https://${host}/v2/x": tls: failed to verify certificate: x509: certificate signed by unknown authority`,
    untrusted,
  ],
  [
    `Get "https://${host}/v2/": http: server gave HTTP response to HTTPS client`,
    {
      code: 'REGISTRY_UNREACHABLE',
      message: `The registry ${host} speaks plain HTTP, and the daemon at unix:///run/d.sock (field DockerHost) asks for HTTPS`,
      hint: `Give the registry a certificate, or list ${host} under insecure-registries in the daemon's daemon.json`,
    },
  ],
  [`tag does not exist: ${ref}`, vanished],
  [`An image does not exist locally with the tag: ${host}/team/app`, vanished],
  [`NotFound: content digest sha256:${'0'.repeat(64)}: not found`, vanished],
  [`unknown: unexpected status from HEAD request to https://${host}/v2/x: 403 Forbidden`, unclear],
  [`unknown: unexpected status from HEAD request to https://${host}/v2/x: 401 Unauthorized`, unclear],
  ['error from registry: something that nobody has seen yet', unclear],
  [
    'something else altogether',
    {
      code: 'PUSH_FAILED',
      message: `The daemon at unix:///run/d.sock (field DockerHost) could not push ${ref}`,
      hint: "ecr-image.log has the daemon's whole stream",
    },
  ],
];

test.each(rows)('%s', (text, expected) => {
  expect(told(pushError(text, names))).toEqual({
    hop: 'daemon-registry',
    blame: 'environment',
    words: text,
    transient: false,
    ...expected,
  });
});

// engines.md, "Faults": what passes by itself, in both stores' words.
test.each([
  ['classic, 429', 'toomanyrequests: Rate exceeded', 'PUSH_THROTTLED'],
  ['containerd, 429 with words', 'error from registry: Rate exceeded', 'PUSH_THROTTLED'],
  ['containerd, 429 with a code alone', 'error from registry: too many requests', 'PUSH_THROTTLED'],
  [
    'containerd, bare 429',
    `unknown: unexpected status from PUT request to https://${host}/v2/team/app/manifests/1: 429 Too Many Requests`,
    'PUSH_THROTTLED',
  ],
  ['classic, 500 and 503', 'received unexpected HTTP status: 503 Service Unavailable', 'PUSH_REGISTRY_ERROR'],
  [
    'containerd, bare 500 on a blob',
    `unknown: unexpected status from PUT request to https://${host}/v2/x: 500 Internal Server Error`,
    'PUSH_REGISTRY_ERROR',
  ],
  [
    'containerd, bare 503 on a manifest',
    `unknown: unexpected status from PUT request to https://${host}/v2/x: 503 Service Unavailable`,
    'PUSH_REGISTRY_ERROR',
  ],
  ['containerd, 500 with words', 'error from registry: unknown\nunknown', 'PUSH_FAILED'],
  ['containerd, 503 with words', 'error from registry: service unavailable', 'PUSH_FAILED'],
  ['classic, reset', `write tcp 1.1.1.1:1->2.2.2.2:443: write: connection reset by peer`, 'PUSH_REGISTRY_ERROR'],
  ['classic, reset of an answer', `Put "https://${host}/v2/x": EOF`, 'PUSH_REGISTRY_ERROR'],
  [
    'containerd, reset',
    `failed commit on ref "layer-sha256:1": failed to do request: Put "https://${host}/v2/x": write: broken pipe`,
    'PUSH_REGISTRY_ERROR',
  ],
  ['HTTP/2, reset', `Put "https://${host}/v2/x": http2: client connection lost`, 'PUSH_REGISTRY_ERROR'],
  ['HTTP/2, one request', 'stream error: stream ID 7; INTERNAL_ERROR; received from peer', 'PUSH_REGISTRY_ERROR'],
  [
    'HTTP/2, a server that goes down',
    'http2: server sent GOAWAY and closed the connection; LastStreamID=9, ErrCode=NO_ERROR, debug=""',
    'PUSH_REGISTRY_ERROR',
  ],
  ['down', `Get "https://${host}/v2/": dial tcp 10.0.0.1:443: connect: connection refused`, 'REGISTRY_UNREACHABLE'],
])('%s passes', (_, text, code) => {
  expect(pushError(text, names)).toMatchObject({ code, transient: true });
});

test.each([
  ['received unexpected HTTP status: 500 Internal Server Error', outOfOrder],
  ['write tcp 127.0.0.1:47984->127.0.0.1:5055: use of closed network connection', broken],
  [`Put "https://${host}/v2/": dial tcp 10.0.0.1:443: connect: connection refused`, unreachable],
])('what the daemon has tried for 50 s is not tried again by us: %s', (text, { message }) => {
  const error = pushError(text, { ...names, daemonRetried: true });
  expect(error.message).toBe(`${message}, also when the daemon tried again by itself`);
  expect(error.transient).toBe(false);
});

test('429 is not what the daemon tries again', () => {
  expect(pushError('toomanyrequests: Rate exceeded', { ...names, daemonRetried: true }).transient).toBe(true);
});

test.each([false, true])('a mount that was refused; transient: %s', (transient) => {
  expect(told(mountRefused('the words', 'team/base', transient, names))).toEqual({
    code: 'PUSH_MOUNT_REFUSED',
    hop: 'daemon-registry',
    blame: 'environment',
    message: `The registry ${host} does not let team/app share a layer with team/base, and ${daemon} does not upload it instead`,
    hint: "Allow the token's identity to pull from team/base, or set BLOB_MOUNTING of the registry to DISABLED, or push from a daemon with the classic image store",
    words: 'the words',
    transient,
  });
});

test('a bare 403 that can only be one of permission', () => {
  const text = `unknown: unexpected status from HEAD request to https://${host}/v2/x: 403 Forbidden`;
  expect(told(pushDenied(text, names))).toMatchObject({ ...denied, words: text });
});
