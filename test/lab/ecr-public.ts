import { list, required, type AwsCall, type Operation } from './aws-call';
import { publicSite } from './ecr-hosts';
import { imageOperations } from './ecr-images';
import { repositoryOperations, tokenLifetimeSeconds } from './ecr-repositories';
import { encodedToken } from './token-book';
import type { World } from './world';

/** ECR Public by its own API (ecr-public): one registry for everybody, one token for all there is. */

const getAuthorizationToken: Operation = ({ accessKeyId, identity }, world) => {
  const issued = { region: publicSite.region, accessKeyId, rootKeyId: identity.rootKeyId };
  const token = world.tokens.issue(issued, tokenLifetimeSeconds);
  return { authorizationData: { authorizationToken: encodedToken(token), expiresAt: token.expiresAt / 1000 } };
};

/** It knows a repository without the alias that it is pulled by; in the lab it is anybody's of that name. */
function withAlias(world: World, name: string): string {
  const all = world.site(publicSite.account, publicSite.region)?.repositories.all() ?? [];
  return all.find((repository) => repository.name.endsWith(`/${name}`))?.name ?? name;
}

function inPublic(call: AwsCall, names: Readonly<Record<string, unknown>>): AwsCall {
  const { account, region } = publicSite;
  return { ...call, region, input: { ...call.input, ...names, registryId: account } };
}

const describeImages: Operation = (call, world) => {
  const repositoryName = withAlias(world, required(call, 'repositoryName'));
  return imageOperations['DescribeImages']!(inPublic(call, { repositoryName }), world);
};

const describeRepositories: Operation = (call, world) => {
  const repositoryNames = list(call, 'repositoryNames').map((name) => withAlias(world, String(name)));
  return repositoryOperations['DescribeRepositories']!(inPublic(call, { repositoryNames }), world);
};

export const publicOperations: Readonly<Record<string, Operation>> = {
  GetAuthorizationToken: getAuthorizationToken,
  DescribeImages: describeImages,
  DescribeRepositories: describeRepositories,
};
