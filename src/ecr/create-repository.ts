import { CreateRepositoryCommand, PutLifecyclePolicyCommand, SetRepositoryPolicyCommand } from '@aws-sdk/client-ecr';
import type { CreateRepositoryCommandInput, Repository } from '@aws-sdk/client-ecr';
import { StepError } from '../domain/errors';
import type { RepositorySettings } from '../domain/repository-settings';
import type { AwsSession } from './aws-session';
import { isRepositoryThere } from './errors';
import { repositoryInput } from './repository-input';

/** One policy that a new repository gets after it is there. */
interface Policy {
  /** `lifecyclePolicy` */
  readonly setting: string;
  readonly put: (signal: AbortSignal) => Promise<unknown>;
}

/**
 * Creates repositories, and remembers which of them still lack a policy: a repeated attempt goes on where the one before
 * it failed, and a repository that somebody else has made is not touched.
 */
export class RepositoryMaker {
  private readonly made = new Map<string, Policy[]>();

  constructor(private readonly session: AwsSession) {}

  /** False: it was there, made by another job at the same moment. */
  async make(path: string, settings: RepositorySettings | undefined, signal: AbortSignal): Promise<boolean> {
    if (!this.made.has(path)) {
      if ((await this.create(path, settings, signal)) === undefined) return false;
      this.made.set(path, policiesOf(this.session, path, settings));
    }
    const missing = this.made.get(path) ?? [];
    for (let policy = missing[0]; policy !== undefined; policy = missing[0]) {
      await policy.put(signal).catch((error: unknown) => {
        throw unfinished(path, missing, settings, error);
      });
      missing.shift();
    }
    return true;
  }

  private async create(
    path: string,
    settings: RepositorySettings | undefined,
    signal: AbortSignal,
  ): Promise<Repository | undefined> {
    const what = { action: 'ecr:CreateRepository', repository: path };
    const input = { ...repositoryInput(this.session, path), ...inputOf(settings) };
    return this.session.call(what, signal, (client, options) =>
      client.send(new CreateRepositoryCommand(input), options).then(
        ({ repository }) => repository ?? {},
        (error: unknown) => {
          if (isRepositoryThere(error)) return undefined;
          throw error;
        },
      ),
    );
  }
}

type Creation = Omit<CreateRepositoryCommandInput, 'registryId' | 'repositoryName'>;

function inputOf(settings: RepositorySettings | undefined): Creation {
  if (settings === undefined) return {};
  const { imageTagMutability, imageTagMutabilityExclusionFilters, scanOnPush, encryption, tags } = settings;
  const filters = imageTagMutabilityExclusionFilters.map((filter) => ({ filterType: 'WILDCARD' as const, filter }));
  return {
    ...(imageTagMutability === undefined ? {} : { imageTagMutability }),
    ...(filters.length === 0 ? {} : { imageTagMutabilityExclusionFilters: filters }),
    ...(scanOnPush === undefined ? {} : { imageScanningConfiguration: { scanOnPush } }),
    ...(encryption === undefined ? {} : { encryptionConfiguration: encryptionOf(encryption) }),
    ...(tags.size === 0 ? {} : { tags: [...tags].map(([Key, Value]) => ({ Key, Value })) }),
  };
}

function encryptionOf({
  type,
  kmsKey,
}: NonNullable<RepositorySettings['encryption']>): NonNullable<Creation['encryptionConfiguration']> {
  return { encryptionType: type, ...(kmsKey === undefined ? {} : { kmsKey }) };
}

function policiesOf(session: AwsSession, path: string, settings: RepositorySettings | undefined): Policy[] {
  const input = repositoryInput(session, path);
  const { lifecyclePolicy: lifecyclePolicyText, repositoryPolicy: policyText } = settings ?? {};
  const call = (action: string, signal: AbortSignal, send: Parameters<AwsSession['call']>[2]): Promise<unknown> =>
    session.call({ action, repository: path }, signal, send);
  const lifecycle: Policy = {
    setting: 'lifecyclePolicy',
    put: (signal) =>
      call('ecr:PutLifecyclePolicy', signal, (client, options) =>
        client.send(new PutLifecyclePolicyCommand({ ...input, lifecyclePolicyText }), options),
      ),
  };
  const repository: Policy = {
    setting: 'repositoryPolicy',
    put: (signal) =>
      call('ecr:SetRepositoryPolicy', signal, (client, options) =>
        client.send(new SetRepositoryPolicyCommand({ ...input, policyText }), options),
      ),
  };
  return [...(lifecyclePolicyText === undefined ? [] : [lifecycle]), ...(policyText === undefined ? [] : [repository])];
}

/** The repository is there, and a rerun would find it so: what it lacks is said now or never. */
function unfinished(
  path: string,
  missing: readonly Policy[],
  settings: RepositorySettings | undefined,
  error: unknown,
): unknown {
  if (!(error instanceof StepError)) return error;
  const lacking = missing.map(({ setting }) => setting);
  const done = settingsOf(settings).filter((setting) => !lacking.includes(setting));
  const state = `set: ${done.join(', ') || 'nothing'}; not set: ${lacking.join(', ')}`;
  return new StepError(
    error.code,
    error.hop,
    error.blame,
    `Repository ${path} exists now, but not with all of RepositorySettings (${state}): ${error.message}`,
    {
      ...(error.words === undefined ? {} : { words: error.words }),
      hint: `${error.hint === undefined ? '' : `${error.hint}. `}A rerun changes no repository that exists: set it by hand, or delete the repository first`,
      transient: error.transient,
    },
  );
}

function settingsOf(settings: RepositorySettings | undefined): readonly string[] {
  return Object.entries(settings ?? {})
    .filter(([, value]: [string, unknown]) => value !== undefined && !isEmpty(value))
    .map(([name]) => name);
}

function isEmpty(value: unknown): boolean {
  return (Array.isArray(value) && value.length === 0) || (value instanceof Map && value.size === 0);
}
