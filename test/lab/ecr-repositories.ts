import { accountOf, list, required, siteOf, text, type AwsCall, type Operation, type Reply } from './aws-call';
import { AwsError } from './aws-errors';
import type { Mutability } from './orders';
import { unknownRepository } from './registry-errors';
import type { Repository } from './repository-book';
import { encodedToken } from './token-book';
import type { Site, World } from './world';

/** ECR's calls about tokens and repositories. */

export const tokenLifetimeSeconds = 12 * 60 * 60;

export function findRepository(call: AwsCall, world: World, name: string): { site: Site; repository: Repository } {
  const site = siteOf(call, world);
  const repository = site?.repositories.find(name);
  if (site === undefined || repository === undefined) {
    throw new AwsError('RepositoryNotFoundException', unknownRepository(name, accountOf(call)));
  }
  return { site, repository };
}

/** AWS hands out a token for any registry that is asked for; whether it is worth something shows there. */
export function getAuthorizationToken(call: AwsCall, world: World, lifetime = tokenLifetimeSeconds): Reply {
  const asked = list(call, 'registryIds').filter((id): id is string => typeof id === 'string');
  const accounts = asked.length > 0 ? asked : [call.identity.account];
  const authorizationData = accounts.map((account) => {
    const { accessKeyId, identity, region } = call;
    const token = world.tokens.issue({ region, accessKeyId, rootKeyId: identity.rootKeyId }, lifetime);
    const site = world.site(account, call.region);
    const proxyEndpoint = site?.url ?? `https://${account}.dkr.ecr.${call.region}.amazonaws.com`;
    return { authorizationToken: encodedToken(token), expiresAt: token.expiresAt / 1000, proxyEndpoint };
  });
  return { authorizationData };
}

function described(site: Site, region: string, repository: Repository): Reply {
  const input = (repository.settings.get('CreateRepository') ?? {}) as Record<string, unknown>;
  return {
    repositoryArn: `arn:aws:ecr:${region}:${site.account}:repository/${repository.name}`,
    registryId: site.account,
    repositoryName: repository.name,
    repositoryUri: `${site.host}/${repository.name}`,
    createdAt: repository.createdAt / 1000,
    imageTagMutability: repository.mutability,
    ...(repository.exclusions.length > 0 && {
      imageTagMutabilityExclusionFilters: repository.exclusions.map((filter) => ({ filterType: 'WILDCARD', filter })),
    }),
    imageScanningConfiguration: input['imageScanningConfiguration'] ?? { scanOnPush: false },
    encryptionConfiguration: input['encryptionConfiguration'] ?? { encryptionType: 'AES256' },
  };
}

const describeRepositories: Operation = (call, world) => {
  const names = list(call, 'repositoryNames').filter((name): name is string => typeof name === 'string');
  const site = siteOf(call, world);
  if (names.length === 0) {
    return { repositories: site?.repositories.all().map((one) => described(site, call.region, one)) ?? [] };
  }
  const found = names.map((name) => findRepository(call, world, name));
  return { repositories: found.map((one) => described(one.site, call.region, one.repository)) };
};

function exclusionsOf(call: AwsCall): string[] {
  return list(call, 'imageTagMutabilityExclusionFilters').map((one) => String((one as { filter?: unknown }).filter));
}

const createRepository: Operation = (call, world) => {
  const name = required(call, 'repositoryName');
  const site = siteOf(call, world);
  if (site === undefined) {
    throw new AwsError('InvalidParameterException', `The lab has no registry ${accountOf(call)} in ${call.region}`);
  }
  if (site.repositories.find(name) !== undefined) {
    const message = `The repository with name '${name}' already exists in the registry with id '${site.account}'`;
    throw new AwsError('RepositoryAlreadyExistsException', message);
  }
  const mutability = (text(call, 'imageTagMutability') ?? 'MUTABLE') as Mutability;
  const options = { mutability, exclusions: exclusionsOf(call) };
  const repository = site.repositories.create(name, options, world.clock.now());
  repository.settings.set('CreateRepository', call.input);
  repository.settings.set('TagResource', list(call, 'tags'));
  return { repository: described(site, call.region, repository) };
};

export const repositoryOperations: Readonly<Record<string, Operation>> = {
  GetAuthorizationToken: (call, world) => getAuthorizationToken(call, world),
  DescribeRepositories: describeRepositories,
  CreateRepository: createRepository,
};
