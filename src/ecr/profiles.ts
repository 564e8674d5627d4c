import { devNull, homedir } from 'node:os';
import { join } from 'node:path';
import { parseKnownFiles } from '@smithy/core/config';
import { StepError } from '../domain/errors';
import type { AwsPlan } from '../domain/plan';

/** A section of the AWS files of one side: config and credentials file merged, as the SDK merges them. */
export type Profile = ReadonlyMap<string, string>;

export interface ProfileFiles {
  /** The profile that AWS_PROFILE names, else `default`. */
  readonly name: string;
  /** True where AWS_PROFILE names it: then it must be there. */
  readonly named: boolean;
  /** `/home/go/.aws/credentials and /home/go/.aws/config`, for messages. */
  readonly paths: string;
  find(name: string): Profile | undefined;
}

/** Reads the side's AWS files with the SDK's own parser: a second one would see another file where it matters. */
export async function readProfileFiles(): Promise<ProfileFiles> {
  const sections = await parseKnownFiles({ ignoreCache: true });
  const wanted = process.env['AWS_PROFILE'] ?? '';
  return {
    name: wanted === '' ? 'default' : wanted,
    named: wanted !== '',
    paths: paths(),
    find: (name) => (Object.hasOwn(sections, name) ? toMap(sections[name] ?? {}) : undefined),
  };
}

function paths(): string {
  const home = process.env['HOME'] ?? homedir();
  const credentials = process.env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(home, '.aws', 'credentials');
  const config = process.env['AWS_CONFIG_FILE'] ?? join(home, '.aws', 'config');
  const files = [credentials, config].filter((path) => path !== devNull);
  return files.length === 0 ? "the job's AWS files (it names none)" : files.join(' and ');
}

function toMap(section: Readonly<Record<string, string | undefined>>): Profile {
  const entries = Object.entries(section).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new Map(entries);
}

// What makes a profile speak for the agent, or run a program of somebody's choice: caches below the agent's home
// (SSO, login), the metadata of the machine, a command line.
const AGENT_ONLY = [
  'credential_process',
  'sso_session',
  'sso_start_url',
  'sso_account_id',
  'sso_region',
  'sso_role_name',
  'login_session',
];

const IDENTITY_KEYS = ['aws_access_key_id', 'role_arn', 'credential_source', 'web_identity_token_file', ...AGENT_ONLY];

/** Many a default profile only holds a region. */
export function holdsIdentity(profile: Profile): boolean {
  return IDENTITY_KEYS.some((key) => profile.has(key));
}

/** A profile file that comes from the job may hold keys and roles; it may neither run programs nor borrow the agent's identity. */
export function refuseAgentMeans(files: ProfileFiles, aws: AwsPlan): void {
  if (aws.side === 'agent') return;
  for (const [name, profile] of chainOf(files)) {
    const source = profile.get('credential_source');
    if (source !== undefined && source !== 'Environment') throw refusal(name, `credential_source=${source}`);
    const key = AGENT_ONLY.find((candidate) => profile.has(candidate));
    if (key !== undefined) throw refusal(name, key);
    if (profile.has('web_identity_token_file')) {
      refuseForeignSts(files, aws, `profile ${name}`);
      refuseNamedSts(aws, `profile ${name}`);
    }
  }
}

/** Whether a program tells the credentials of the profile, or of one that it leads to. */
export function runsProgram(files: ProfileFiles): boolean {
  return [...chainOf(files).values()].some((profile) => profile.has('credential_process'));
}

/** The profile and those that it leads to by source_profile. */
function chainOf(files: ProfileFiles): ReadonlyMap<string, Profile> {
  const chain = new Map<string, Profile>();
  for (let name: string | undefined = files.name; name !== undefined && !chain.has(name);) {
    const profile = files.find(name);
    if (profile === undefined) break;
    chain.set(name, profile);
    name = profile.get('source_profile');
  }
  return chain;
}

function refusal(name: string, means: string): StepError {
  return new StepError(
    'AWS_NO_CREDENTIALS',
    'agent-aws',
    'config',
    `Profile ${name} comes from the job's AWS files and wants ${means}, which works from the agent's own AWS files only`,
    { hint: 'Put that profile into the AWS files of the agent and let the job name it, or give the job keys' },
  );
}

/**
 * The token file that a job names may be any file of the agent's: its content goes to AWS or where the agent says,
 * never where a file of the job says. (A job's variable beside a job's token file is refused with the fields.)
 */
export function refuseForeignSts(files: ProfileFiles, aws: AwsPlan, what: string): void {
  const key = ['endpoint_url', 'services'].find((candidate) => files.find(files.name)?.has(candidate));
  if (aws.side === 'job' && key !== undefined) throw foreignSts(what, `${key} in profile ${files.name}`);
}

/** Only here, where the file is read, is it seen that there is a token; whose the variable is, is not. */
function refuseNamedSts(aws: AwsPlan, what: string): void {
  const name = ['AWS_ENDPOINT_URL_STS', 'AWS_ENDPOINT_URL'].find((candidate) => aws.environment.has(candidate));
  if (name !== undefined) throw foreignSts(what, name);
}

function foreignSts(what: string, endpoint: string): StepError {
  const message = `The web identity of the job (${what}) is sent to AWS's own STS only, and ${endpoint} names another endpoint`;
  return new StepError('AWS_NO_CREDENTIALS', 'agent-aws', 'config', message, {
    hint: 'Remove one of the two, or give the job keys',
  });
}
