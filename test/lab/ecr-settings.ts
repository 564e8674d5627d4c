import { list, required, type AwsCall, type Operation } from './aws-call';
import { AwsError } from './aws-errors';
import { findRepository } from './ecr-repositories';
import { unknownRepository } from './registry-errors';
import type { Repository } from './repository-book';
import type { World } from './world';

/** ECR's calls about what is set on a repository: policies and tags. */

interface Setting {
  /** The operation that sets it */
  readonly put: string;
  readonly key: string;
  readonly missing: readonly [code: string, what: string];
  /** What AWS says of a text that is none */
  readonly invalid: string;
  readonly isValid: (value: unknown) => boolean;
  /** What AWS makes of it */
  readonly shown: (value: string) => string;
}

const lifecycle: Setting = {
  put: 'PutLifecyclePolicy',
  key: 'lifecyclePolicyText',
  missing: ['LifecyclePolicyNotFoundException', 'Lifecycle policy'],
  invalid: `Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure: string does not contain a valid policy'`,
  isValid: (value) => Array.isArray((value as { rules?: unknown } | null)?.rules),
  shown: (value) => value,
};

const policy: Setting = {
  put: 'SetRepositoryPolicy',
  key: 'policyText',
  missing: ['RepositoryPolicyNotFoundException', 'Repository policy'],
  invalid: `Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided'`,
  isValid: (value) => (value as { Statement?: unknown } | null)?.Statement !== undefined,
  // AWS gives it back laid out anew, with a blank before each colon.
  shown: (value) => JSON.stringify(JSON.parse(value), null, 2).replace(/^(\s*"[^"]*"): /gm, '$1 : '),
};

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function put({ put: operation, key, invalid, isValid, shown }: Setting): Operation {
  return (call, world) => {
    const name = required(call, 'repositoryName');
    const { site, repository } = findRepository(call, world, name);
    const value = required(call, key);
    if (!isValid(parsed(value))) throw new AwsError('InvalidParameterException', invalid);
    repository.settings.set(operation, shown(value));
    return { registryId: site.account, repositoryName: name, [key]: shown(value) };
  };
}

function get({ put: operation, key, missing: [code, what] }: Setting): Operation {
  return (call, world) => {
    const name = required(call, 'repositoryName');
    const { site, repository } = findRepository(call, world, name);
    const value = repository.settings.get(operation);
    if (value === undefined) {
      const where = `for the repository with name '${name}' in the registry with id '${site.account}'`;
      throw new AwsError(code, `${what} does not exist ${where}`);
    }
    return { registryId: site.account, repositoryName: name, [key]: value };
  };
}

function byArn(call: AwsCall, world: World): Repository {
  const arn = required(call, 'resourceArn');
  const [, region = '', account = '', name = ''] = /^arn:aws:ecr:([^:]*):(\d+):repository\/(.+)$/.exec(arn) ?? [];
  const found = world.site(account, region)?.repositories.find(name);
  if (found === undefined) throw new AwsError('RepositoryNotFoundException', unknownRepository(name, account));
  return found;
}

interface AwsTag {
  readonly Key: string;
}

const listTagsForResource: Operation = (call, world) => ({
  tags: byArn(call, world).settings.get('TagResource') ?? [],
});

const tagResource: Operation = (call, world) => {
  const repository = byArn(call, world);
  const added = list(call, 'tags') as AwsTag[];
  const before = (repository.settings.get('TagResource') ?? []) as AwsTag[];
  const kept = before.filter((tag) => !added.some((other) => other.Key === tag.Key));
  repository.settings.set('TagResource', [...kept, ...added]);
  return {};
};

export const settingOperations: Readonly<Record<string, Operation>> = {
  PutLifecyclePolicy: put(lifecycle),
  GetLifecyclePolicy: get(lifecycle),
  SetRepositoryPolicy: put(policy),
  GetRepositoryPolicy: get(policy),
  ListTagsForResource: listTagsForResource,
  TagResource: tagResource,
};
