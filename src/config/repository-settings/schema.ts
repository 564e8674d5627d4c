import type { RepositorySettings, TagMutability } from '../../domain/repository-settings';

/** Field RepositorySettings as JSON has it, once the schema has passed it. */
export interface SettingsJson {
  readonly imageTagMutability?: TagMutability;
  readonly imageTagMutabilityExclusionFilters?: readonly string[];
  readonly scanOnPush?: boolean;
  readonly encryption?: {
    readonly type: NonNullable<RepositorySettings['encryption']>['type'];
    readonly kmsKey?: string;
  };
  readonly lifecyclePolicy?: Readonly<Record<string, unknown>>;
  readonly repositoryPolicy?: Readonly<Record<string, unknown>>;
  readonly tags?: Readonly<Record<string, string>>;
}

// What ECR's API says of its own fields: CreateRepository, ImageTagMutabilityExclusionFilter, EncryptionConfiguration,
// TagResource (with the characters of all AWS tags).
export const SETTINGS_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  properties: {
    imageTagMutability: { enum: ['MUTABLE', 'IMMUTABLE', 'MUTABLE_WITH_EXCLUSION', 'IMMUTABLE_WITH_EXCLUSION'] },
    imageTagMutabilityExclusionFilters: {
      type: 'array',
      maxItems: 5,
      items: { type: 'string', pattern: '^[0-9a-zA-Z._*-]{1,128}$' },
    },
    scanOnPush: { type: 'boolean' },
    encryption: {
      type: 'object',
      additionalProperties: false,
      required: ['type'],
      properties: {
        type: { enum: ['AES256', 'KMS', 'KMS_DSSE'] },
        kmsKey: { type: 'string', pattern: '^[^\\s]{1,2048}$' },
      },
    },
    lifecyclePolicy: { type: 'object' },
    repositoryPolicy: { type: 'object' },
    tags: {
      type: 'object',
      maxProperties: 50,
      propertyNames: { pattern: '^(?![aA][wW][sS]:)[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]{1,128}$' },
      additionalProperties: { type: 'string', pattern: '^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]{0,256}$' },
    },
  },
};

export const SETTINGS = Object.keys(SETTINGS_SCHEMA.properties);
