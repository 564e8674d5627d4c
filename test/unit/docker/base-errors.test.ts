import { buildError } from '../../../src/docker/errors/build-errors';
import { told } from './told';
import { where } from './where';

const names = {
  where: where(),
  dockerfile: 'Dockerfile',
  target: undefined,
  platform: 'linux/arm64',
  networkMode: undefined,
};
const daemon = 'The daemon at unix:///run/d.sock (field DockerHost)';

const denied = (base: string): object => ({
  code: 'BASE_IMAGE_DENIED',
  message: `The registry does not let the daemon have ${base}`,
  hint: 'Check the name in FROM; let this identity pull it, or name another login for that registry in RegistryLogins (a missing image is often reported so)',
});
const missing = (base: string): object => ({
  code: 'BASE_IMAGE_MISSING',
  blame: 'build',
  message: `The registry does not have ${base}`,
  hint: 'Correct the name or the tag in FROM',
});
const unreachable = (registry: string): object => ({
  code: 'BASE_REGISTRY_UNREACHABLE',
  message: `${daemon} cannot reach the registry ${registry}`,
  hint: "It is the daemon's machine that must reach it: check DNS, routes and proxy there, not on this agent",
  transient: true,
});

// What 20.10 and 29 (both stores) answered to a FROM, word for word.
const rows: readonly [text: string, told: object][] = [
  [
    'Head "http://127.0.0.1:5511/v2/priv/base/manifests/1": no basic auth credentials',
    denied('the base image 127.0.0.1:5511/priv/base:1'),
  ],
  ['unauthorized: authentication required', denied('the base image')],
  [
    "pull access denied for nosuch, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    denied('the base image nosuch'),
  ],
  [
    'failed to resolve reference "127.0.0.1:5511/priv/base:1": pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials',
    denied('the base image 127.0.0.1:5511/priv/base:1'),
  ],
  [
    'unknown: failed to resolve reference "127.0.0.1:5511/priv/base:1": unexpected status from HEAD request to http://127.0.0.1:5511/v2/priv/base/manifests/1: 401 Unauthorized',
    denied('the base image 127.0.0.1:5511/priv/base:1'),
  ],
  [
    'manifest for 127.0.0.1:5511/priv/nope:1 not found: manifest unknown: manifest unknown',
    missing('the base image 127.0.0.1:5511/priv/nope:1'),
  ],
  [
    'failed to resolve reference "127.0.0.1:5511/priv/nope:1": 127.0.0.1:5511/priv/nope:1: not found',
    missing('the base image 127.0.0.1:5511/priv/nope:1'),
  ],
  [
    "name unknown: The repository with name 'base' does not exist in the registry with id '123456789012'",
    missing('the base image'),
  ],
  [
    'Get "http://127.0.0.1:5999/v2/": dial tcp 127.0.0.1:5999: connect: connection refused',
    unreachable('127.0.0.1:5999'),
  ],
  [
    'failed to resolve reference "nohost.invalid/priv/base:1": failed to do request: Head "https://nohost.invalid/v2/priv/base/manifests/1": dial tcp: lookup nohost.invalid on 10.255.255.53:53: no such host',
    unreachable('nohost.invalid'),
  ],
  [
    'invalid from flag value other: Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 10.255.255.53:53: no such host',
    unreachable('registry-1.docker.io'),
  ],
  [
    'Get "https://r.example/v2/": x509: certificate signed by unknown authority',
    {
      code: 'BASE_REGISTRY_UNREACHABLE',
      message: `${daemon} does not trust the certificate of the registry r.example`,
      hint: "Put the registry's authority into /etc/docker/certs.d/r.example/ca.crt on the daemon's machine",
    },
  ],
  [
    'toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: https://www.docker.com/increase-rate-limit',
    {
      code: 'BASE_REGISTRY_UNREACHABLE',
      message: 'The registry of the base image throttles the daemon',
      hint: 'Run the task again later, or use a copy of the base image in ECR (a pull-through cache)',
      transient: true,
    },
  ],
  [
    'received unexpected HTTP status: 503 Service Unavailable',
    {
      code: 'BASE_REGISTRY_UNREACHABLE',
      message: 'The registry of the base image failed while the daemon pulled it',
      hint: 'The registry is out of order: run the task again later',
      transient: true,
    },
  ],
  [
    'image with reference 127.0.0.1:5511/priv/base:1 was found but does not provide the specified platform (linux/arm64)',
    {
      code: 'PLATFORM_MISMATCH',
      blame: 'config',
      message: 'There is no variant of the base image 127.0.0.1:5511/priv/base:1 for the platform asked for',
      hint: 'Correct Platform, or use a base image that has that platform',
    },
  ],
  [
    'no matching manifest for linux/arm64/v8 in the manifest list entries',
    {
      code: 'PLATFORM_MISMATCH',
      blame: 'config',
      message: 'There is no variant of the base image for the platform asked for',
      hint: 'Correct Platform, or use a base image that has that platform',
    },
  ],
];

test.each(rows)('%s', (text, expected) => {
  expect(told(buildError(text, names))).toEqual({
    hop: 'daemon-registry',
    blame: 'environment',
    words: text,
    transient: false,
    ...expected,
  });
});
