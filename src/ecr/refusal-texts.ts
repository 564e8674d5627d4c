import type { ErrorCode, StepError } from '../domain/errors';
import { statusOf, step } from './error-texts';
import type { AwsCall, Tell } from './error-texts';
import type { Fault } from './fault';

// AWS understood the call and refuses what is in it: the task's fields are to be changed, or what they lead to.

// Of the parameters that our calls have, in AWS's own words ("Invalid parameter at 'LifecyclePolicyText' failed to
// satisfy constraint"), in lower case.
const FIELDS: ReadonlyMap<string, string> = new Map([
  ['repositoryname', 'Repository'],
  ['repositorynames', 'Repository'],
  ['registryid', 'RegistryId'],
  ['registryids', 'RegistryId'],
  ['imagetag', 'Tags or FloatingTags'],
  ['imageids', 'Tags or FloatingTags'],
  ['imagetagmutability', 'RepositorySettings, imageTagMutability'],
  ['imagetagmutabilityexclusionfilters', 'RepositorySettings, imageTagMutabilityExclusionFilters'],
  ['imagescanningconfiguration', 'RepositorySettings, scanOnPush'],
  ['encryptionconfiguration', 'RepositorySettings, encryption'],
  ['kmskey', 'RepositorySettings, encryption.kmsKey'],
  ['tags', 'RepositorySettings, tags'],
  ['lifecyclepolicytext', 'RepositorySettings, lifecyclePolicy'],
  ['policytext', 'RepositorySettings, repositoryPolicy'],
]);

// Whose only contents are one field of the task's, whatever AWS's words name.
const FIELD_OF_CALL: ReadonlyMap<string, string> = new Map([
  ['ecr:PutLifecyclePolicy', 'RepositorySettings, lifecyclePolicy'],
  ['ecr:SetRepositoryPolicy', 'RepositorySettings, repositoryPolicy'],
]);

const CREATE = 'ecr:CreateRepository';
const MAKING = [CREATE, ...FIELD_OF_CALL.keys()];

export const parameterRefused: Tell = (fault, call) => {
  const [, named = ''] = /\bat '([A-Za-z]+)/.exec(fault.words) ?? [];
  const field = FIELD_OF_CALL.get(call.action) ?? FIELDS.get(named.toLowerCase());
  return refusedFor(fault, call, statusOf(fault), field === undefined ? undefined : `Correct the field ${field}`);
};

export const keyRefused: Tell = (fault, call) =>
  refusedFor(
    fault,
    call,
    statusOf(fault),
    call.action === CREATE
      ? "Correct the field RepositorySettings, encryption.kmsKey: the key must be in the repository's region, enabled, and usable by this identity (kms:CreateGrant, kms:DescribeKey)"
      : "The key that the repository is encrypted with must be enabled, and ECR's grant on it must stand",
  );

export const limitReached: Tell = (fault, call) =>
  refusedFor(
    fault,
    call,
    'a quota is used up',
    call.action === CREATE
      ? `Delete repositories that are not needed, or ask for more ("Registered repositories" of ECR in Service Quotas, region ${call.caller.region})`
      : `Delete images or tags that are not needed, best by a lifecycle policy, or ask for more (ECR in Service Quotas, region ${call.caller.region})`,
  );

export const tagsRefused: Tell = (fault, call) =>
  refusedFor(
    fault,
    call,
    statusOf(fault),
    'Correct the field RepositorySettings, tags: at most 50, keys of at most 128 and values of at most 256 characters',
  );

/** Of PutImage: a lifecycle policy or somebody else has been at the repository since. */
export const partsMissing: Tell = (fault, call) =>
  refusedFor(
    fault,
    call,
    `what the image consists of is not in repository ${call.repository ?? ''}`,
    'A rerun builds it anew',
  );

function refusedFor(fault: Fault, call: AwsCall, why: string, hint: string | undefined): StepError {
  const making = MAKING.includes(call.action);
  const code: ErrorCode = making ? 'ECR_REPOSITORY_NOT_CREATED' : 'AWS_ERROR';
  const blame = hint?.startsWith('Correct') === true ? 'config' : 'environment';
  const refused = `AWS refuses ${call.action}: ${why}`;
  const message = call.action === CREATE ? `Repository ${call.repository ?? ''} is not created: ${refused}` : refused;
  return step(code, blame, fault, message, hint === undefined ? {} : { hint });
}
