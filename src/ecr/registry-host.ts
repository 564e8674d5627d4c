import { parseEcrHost } from '../domain/ecr-registry';
import { StepError } from '../domain/errors';
import type { AwsPlan, RepositoryPlan } from '../domain/plan';

/** Which registry the plan asks for; a token is handed out for no other. */
export interface WantedRegistry {
  readonly region: string;
  readonly accountId: string | undefined;
  /** Believe a host that is no ECR host: a stand-in for AWS answers. */
  readonly standIn: boolean;
}

/** The account that the plan names: by field or variable, else by the host in Repository. */
export function wantedAccount(aws: AwsPlan, repository: RepositoryPlan): string | undefined {
  return aws.registryId?.value ?? repository.registry?.accountId;
}

/** The host as typed, which wins over what AWS names; a host outside ECR gets no ECR token. */
export function typedHost(repository: RepositoryPlan, standIn: boolean): string | undefined {
  if (repository.host === undefined || repository.registry !== undefined || standIn) return repository.host;
  throw new StepError(
    'ECR_REGISTRY_MISMATCH',
    'agent-aws',
    'config',
    `Field Repository names the host ${repository.host}, which is no ECR registry: an ECR token is not sent there`,
    { hint: 'Write <account>.dkr.ecr.<region>.amazonaws.com/<repository>, or the repository alone' },
  );
}

/** The host that AWS names, in `proxyEndpoint` (a URL) or `repositoryUri` (host/path), once it is the one asked for. */
export function namedHost(text: string, wanted: WantedRegistry): string {
  const host = hostOf(text);
  const registry = parseEcrHost(host);
  if (registry?.accountId === undefined) {
    if (wanted.standIn && host !== '') return host;
    throw mismatch(host, wanted, registry === undefined ? 'which is no ECR registry' : 'which is ECR Public');
  }
  const sameAccount = wanted.accountId === undefined || registry.accountId === wanted.accountId;
  if (sameAccount && registry.region === wanted.region) return registry.host;
  throw mismatch(host, wanted, `account ${registry.accountId} in region ${registry.region}`);
}

function hostOf(text: string): string {
  const url = text.includes('://') ? text : `https://${text}`;
  return URL.canParse(url) ? new URL(url).host.replace(/\.$/, '') : '';
}

function mismatch(host: string, wanted: WantedRegistry, what: string): StepError {
  const account = wanted.accountId === undefined ? '' : `account ${wanted.accountId} in `;
  return new StepError(
    'ECR_REGISTRY_MISMATCH',
    'agent-aws',
    'config',
    `AWS names the registry ${host === '' ? '(none)' : host}, ${what}; asked for was ${account}region ${wanted.region}`,
    { hint: 'Set Region and RegistryId to those of the registry, or write its host in Repository' },
  );
}
