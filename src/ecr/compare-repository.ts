import type { Repository } from '@aws-sdk/client-ecr';
import type { Drift, RepositorySettings } from '../domain/repository-settings';
import type { AwsSession } from './aws-session';
import { comparePolicies } from './compare-policies';
import { compareTags } from './compare-tags';
import { DESCRIBE, describeRepository, exclusionsOf, mutabilityOf } from './describe-repository';
import { isDenied } from './errors';
import { mayNotBeAsked } from './may-not-be-asked';

/** undefined `wanted`: not compared. */
type Check = readonly [setting: string, wanted: string | undefined, found: (repository: Repository) => string];

/** Every setting that the task's field names, in its order; nothing is changed. */
export async function compareRepository(
  session: AwsSession,
  path: string,
  settings: RepositorySettings,
  signal: AbortSignal,
): Promise<readonly Drift[]> {
  const repository = await describeRepository(session, path, signal).catch((error: unknown) => {
    if (isDenied(error)) return undefined;
    throw error;
  });
  return [
    ...checksOf(settings).flatMap((check) => apply(check, repository)),
    ...(await comparePolicies(session, path, settings, signal)),
    ...(await compareTags(session, path, settings.tags, repository, signal)),
  ];
}

function apply([setting, wanted, foundIn]: Check, repository: Repository | undefined): readonly Drift[] {
  if (wanted === undefined) return [];
  const found = repository === undefined ? mayNotBeAsked(DESCRIBE) : foundIn(repository);
  return found === wanted ? [] : [{ setting, wanted, found }];
}

function checksOf(settings: RepositorySettings): readonly Check[] {
  const { imageTagMutability, scanOnPush, encryption } = settings;
  const filters = imageTagMutability === undefined ? undefined : listed(settings.imageTagMutabilityExclusionFilters);
  return [
    ['imageTagMutability', imageTagMutability, mutabilityOf],
    ['imageTagMutabilityExclusionFilters', filters, (repository) => listed(exclusionsOf(repository))],
    [
      'scanOnPush',
      scanOnPush?.toString(),
      ({ imageScanningConfiguration }) => String(imageScanningConfiguration?.scanOnPush ?? false),
    ],
    [
      'encryption.type',
      encryption?.type,
      ({ encryptionConfiguration }) => encryptionConfiguration?.encryptionType ?? 'AES256',
    ],
    ['encryption.kmsKey', encryption?.kmsKey, (repository) => keyOf(repository, encryption?.kmsKey ?? '')],
  ];
}

function listed(filters: readonly string[]): string {
  return filters.length === 0 ? 'none' : [...filters].sort().join(', ');
}

/** AWS tells the key's ARN, whatever it was named by: an id is its end, and an alias can be anybody's. */
function keyOf({ encryptionConfiguration }: Repository, wanted: string): string {
  const found = encryptionConfiguration?.kmsKey ?? 'none';
  const isAlias = /(^|:)alias\//.test(wanted);
  return found !== 'none' && (isAlias || found.endsWith(`:key/${wanted}`)) ? wanted : found;
}
