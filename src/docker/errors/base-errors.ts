import type { StepError } from '../../domain/errors';
import type { Where } from '../where';
import type { RegistryFault } from './registry-words';
import { stepError, unreachable, type Unreachable, type Verdict } from './verdict';

/** `base`: the image, where the daemon's text names it. */
type Row = (base: string, text: string, where: Where) => Verdict;

const denied: Row = (base) => ({
  code: 'BASE_IMAGE_DENIED',
  blame: 'environment',
  message: `The registry does not let the daemon have ${base}`,
  hint: 'Check the name in FROM; let this identity pull it, or name another login for that registry in RegistryLogins (a missing image is often reported so)',
});

const missing: Row = (base) => ({
  code: 'BASE_IMAGE_MISSING',
  blame: 'build',
  message: `The registry does not have ${base}`,
  hint: 'Correct the name or the tag in FROM',
});

const outOfOrder: Row = (base) => ({
  code: 'BASE_REGISTRY_UNREACHABLE',
  blame: 'environment',
  message: `The registry of ${base} failed while the daemon pulled it`,
  hint: 'The registry is out of order: run the task again later',
  transient: true,
});

const outOfReach =
  (fault: Unreachable): Row =>
  (_, text, where) => ({ ...unreachable(fault, hostIn(text), where), code: 'BASE_REGISTRY_UNREACHABLE' });

const rows: Readonly<Record<RegistryFault, Row>> = {
  'no-credentials': denied,
  unauthorized: denied,
  denied,
  'action-denied': denied,
  'token-expired': denied,
  unclear: denied,
  'repository-missing': missing,
  'manifest-missing': missing,
  'image-vanished': missing,
  'tag-immutable': outOfOrder,
  'registry-error': outOfOrder,
  'connection-broken': outOfOrder,
  unreachable: outOfReach('unreachable'),
  'certificate-unknown': outOfReach('certificate-unknown'),
  'plain-http': outOfReach('plain-http'),
  'platform-missing': (base) => ({
    code: 'PLATFORM_MISMATCH',
    blame: 'config',
    message: `There is no variant of ${base} for the platform asked for`,
    hint: 'Correct Platform, or use a base image that has that platform',
  }),
  throttled: (base) => ({
    code: 'BASE_REGISTRY_UNREACHABLE',
    blame: 'environment',
    message: `The registry of ${base} throttles the daemon`,
    hint: 'Run the task again later, or use a copy of the base image in ECR (a pull-through cache)',
    transient: true,
  }),
};

/** Why the daemon could not get an image that the Dockerfile is built from. */
export function baseError(fault: RegistryFault, text: string, where: Where): StepError {
  return stepError(rows[fault](baseIn(text), text, where), text);
}

function baseIn(text: string): string {
  const named =
    /failed to resolve reference "([^"]+)"/.exec(text)?.[1] ??
    /manifest for (\S+) not found/.exec(text)?.[1] ??
    /pull access denied for ([^,\s]+)/.exec(text)?.[1] ??
    /image with reference (\S+) was found/.exec(text)?.[1] ??
    /^invalid from flag value (\S+): /.exec(text)?.[1] ??
    /failed to resolve source metadata for (\S+): /.exec(text)?.[1] ??
    /(?:^|\s)([^\s:]+[:@]\S+): not found$/.exec(text)?.[1] ??
    refIn(text);
  if (named === undefined) return 'the base image';
  return FRONTEND.test(named) ? `${named} of the # syntax= line` : `the base image ${named}`;
}

/** An image that BuildKit itself runs to read the Dockerfile. */
const FRONTEND = /(^|\/)docker\/dockerfile([:@]|$)/;

/** `…/v2/team/app/manifests/1` of 20.10's BuildKit, which names nothing else. */
function refIn(text: string): string | undefined {
  const [, host, path, tag] = /https?:\/\/([^/"\s]+)\/v2\/([^"\s]+)\/manifests\/([^"\s]+)"/.exec(text) ?? [];
  if (host === undefined || path === undefined || tag === undefined) return undefined;
  return `${host.replace('registry-1.docker.io', 'docker.io')}/${path}${tag.startsWith('sha256:') ? '@' : ':'}${tag}`;
}

function hostIn(text: string): string {
  return /https?:\/\/([^/"\s]+)/.exec(text)?.[1] ?? 'of the base image';
}
