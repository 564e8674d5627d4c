import { awsError } from './aws-errors';
import { registryOperation } from './policies';
import type { Repository } from './repository-book';
import { isFixed } from './repository-book';
import type { Token, Verdict } from './token-book';
import type { Site, World } from './world';

/** The registry's refusals, in ECR's own words where users have reported them. */

export interface Refusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export function registryError(status: number, code: string, message: string): Refusal {
  return { status, body: JSON.stringify({ errors: [{ code, message }] }) };
}

export function loginRefusal(verdict: Verdict): Refusal | undefined {
  if (verdict === 'good') return undefined;
  if (verdict === 'expired') {
    return registryError(403, 'DENIED', 'Your authorization token has expired. Reauthenticate and try again.');
  }
  // Plain text, as ECR. (Of a registry error without detail, whose message is the protocol's own, Docker 20.10 and the
  // classic store make something that they retry for 50 s.)
  const headers = { 'www-authenticate': 'Basic realm="ECR"', 'content-type': 'text/plain' };
  return { status: 401, headers, body: 'Not Authorized\n' };
}

export function unknownRepository(name: string, account: string): string {
  return `The repository with name '${name}' does not exist in the registry with id '${account}'`;
}

export function immutableTag(tag: string, name: string): string {
  return `The image tag '${tag}' already exists in the '${name}' repository and cannot be overwritten because the tag is immutable.`;
}

/** ECR tells the registry's clients what IAM said. */
export function deniedRefusal(world: World, site: Site, method: string, target: Target, token: Token | undefined) {
  const operation = registryOperation(method, target);
  if (operation === undefined || token?.accessKeyId == null) return undefined;
  const { arn, holder } = world.identities.of(token.accessKeyId);
  if (world.identities.policies.may(holder, `ecr:${operation}`)) return undefined;
  const resource = `arn:aws:ecr:${site.region}:${site.account}:repository/${target.name}`;
  return registryError(
    403,
    'DENIED',
    awsError('AccessDeniedException', { service: 'ecr', operation, arn, resource }).message,
  );
}

export interface Target {
  readonly name: string;
  readonly kind: string;
  readonly reference: string;
}

/** `/v2/<name>/<manifests|blobs|…>/<reference>`; a name may hold slashes. */
export function parseTarget(url: string): Target | undefined {
  const found = /^\/v2\/(.+)\/(manifests|blobs|tags|referrers)\/([^?]*)/.exec(url);
  if (found === null) return undefined;
  const [, name = '', kind = '', reference = ''] = found;
  return { name, kind, reference };
}

export async function tagTaken(site: Site, repository: Repository, tag: string): Promise<boolean> {
  const path = `/v2/${repository.name}/manifests/${tag}`;
  const accept =
    'application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json, */*';
  const answer = await site.upstream.call('HEAD', path, { accept });
  return answer.status === 200;
}

export async function repositoryRefusal(site: Site, method: string, target: Target): Promise<Refusal | undefined> {
  const repository = site.repositories.find(target.name);
  if (repository === undefined) {
    return registryError(404, 'NAME_UNKNOWN', unknownRepository(target.name, site.account));
  }
  const putsTag = method === 'PUT' && target.kind === 'manifests' && !target.reference.includes(':');
  // The same digest under the same tag is refused too, as ECR does.
  if (putsTag && isFixed(repository, target.reference) && (await tagTaken(site, repository, target.reference))) {
    return registryError(400, 'TAG_INVALID', immutableTag(target.reference, target.name));
  }
  return undefined;
}
