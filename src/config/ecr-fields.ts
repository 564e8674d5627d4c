import { field } from './field';

/** What is pushed where, beside Repository and Tags. */
export const PUSH_FIELDS = [
  field('FloatingTags', 'Floating tags', 'tags', 'push', {
    placeholder: 'none',
    help: 'Tags that are meant to move, such as `latest` or a branch: put last, and only forwards. One per line or separated by commas.',
  }),
  field('ExistingTag', 'Where a tag exists', 'choice', 'push', {
    default: 'reuse',
    placeholder: 'reuse',
    choices: ['reuse', 'overwrite', 'fail'],
    help: "What happens where a tag of Tags is in the registry already: `reuse` is done if it is this run's image and fails if it is another one, `overwrite` moves it, `fail` always fails.",
  }),
  field('Source', 'Source image', 'text', 'push', {
    placeholder: 'none: the image is built',
    help: 'An image that is on the daemon already, as `name:tag` or image id: it is tagged and pushed, and nothing is built.',
  }),
  field('AlsoPushTo', 'Also push to', 'lines', 'push', {
    placeholder: '210987654321.dkr.ecr.us-east-1.amazonaws.com/team/app',
    help: 'More repositories for the same image and tags, one per line: `host/repository`, and `role=ARN` where another role is needed there.',
  }),
];

/** Who asks AWS, and where. */
export const AWS_FIELDS = [
  field('Region', 'AWS region', 'text', 'aws', {
    placeholder: "the repository's, else AWS_REGION",
    help: 'Region of the registry, where Repository does not tell it.',
  }),
  field('RegistryId', 'AWS account of the registry', 'text', 'aws', {
    placeholder: "the repository's, else that of the credentials",
    help: 'The 12 digits of the account that owns the registry, where Repository does not tell them.',
  }),
  field('AssumeRole', 'Role to assume', 'text', 'aws', {
    placeholder: "none: the credentials' own",
    help: 'ARN of a role that is assumed with the credentials, for everything that this task asks of AWS.',
  }),
  field('ExternalId', 'External id', 'text', 'aws', {
    placeholder: 'none',
    help: 'External id that the trust policy of the role asks for; sent with every role of this task.',
  }),
  field('AwsProfile', 'AWS profile', 'text', 'aws', {
    placeholder: 'as AWS_PROFILE says',
    help: 'Profile in the AWS files of the job, or else of the agent.',
  }),
];

/** What becomes of the repository itself. */
export const REPOSITORY_FIELDS = [
  field('CreateRepository', 'Create the repository', 'choice', 'repository', {
    default: 'never',
    placeholder: 'never',
    choices: ['never', 'if-missing'],
    help: '`if-missing` creates a repository that does not exist; it needs the host in Repository, or Region and RegistryId.',
  }),
  field('RepositorySettings', 'Repository settings', 'json', 'repository', {
    placeholder: '{ "imageTagMutability": "IMMUTABLE", "scanOnPush": true }',
    help: "How a new repository is to be, and what an existing one is compared with, which is never changed: JSON, or `@file` in the job's folder. Taken as it is, without variables.",
  }),
];
