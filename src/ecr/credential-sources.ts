import { fromHttp, fromIni, fromInstanceMetadata, fromTokenFile } from '@aws-sdk/credential-providers';
import type { AwsCredentialIdentity } from '@smithy/types';
import { StepError } from '../domain/errors';
import { describeOrigin } from '../domain/origin';
import type { AwsPlan } from '../domain/plan';
import { innerClients } from './inner-clients';
import type { AwsAction } from './permissions';
import { holdsIdentity, refuseAgentMeans, refuseForeignSts, runsProgram } from './profiles';
import type { ProfileFiles } from './profiles';
import type { Setting } from './setting';
import { SILENT } from './silent';

/** A place where credentials are, once it is known that they should be there: if they cannot be had, no other is tried. */
export interface Opened {
  readonly load: () => Promise<AwsCredentialIdentity>;
  /** `profile ci`, `web identity, role arn:…`: who this is, as far as the source tells. */
  readonly label?: string;
  /** The access key's id says (more of) who this is. */
  readonly showsKey?: boolean;
  /** `job variables`, `agent's AWS files` */
  readonly from: string;
  /** `profile ci`, `instance role`; of keys, where they are. */
  readonly means: string;
  /** ARN of the role that they are of, where the source names it. */
  readonly role?: string;
  /** The call to AWS that this takes, where it takes one. */
  readonly call?: AwsAction;
  /** A program tells them: what the provider says then quotes its command line and output, which may hold anything. */
  readonly program?: boolean;
  /** It can only be known by asking whether there is anything: no answer means nothing there. */
  readonly probe?: boolean;
}

export interface Source {
  /** What is looked at and why it is not it, for the message that says nothing was found. */
  readonly absent: string;
  open(): Opened | undefined;
}

/** In the order of the SDK's default chain; those that speak for the agent are not asked for a job. */
export function credentialSources(setting: Setting): readonly Source[] {
  const { aws, files } = setting;
  const forBoth = [keys(aws, files), profile(setting), webIdentity(setting)];
  return aws.side === 'job' ? forBoth : [...forBoth, container(aws), instance(aws)];
}

const KEY = 'AWS_ACCESS_KEY_ID';
const SECRET = 'AWS_SECRET_ACCESS_KEY';

function keys(aws: AwsPlan, files: ProfileFiles): Source {
  const [id, secret, session] = [KEY, SECRET, 'AWS_SESSION_TOKEN'].map((name) => aws.environment.get(name));
  return {
    absent: `${KEY} and ${SECRET} (not set)`,
    open: () => {
      if (profileWins(aws, files) || (!id && !secret)) return undefined;
      if (!id || !secret) throw halfAKey(aws, id ? SECRET : KEY, id ? KEY : SECRET);
      const found = { accessKeyId: id, secretAccessKey: secret, ...(session ? { sessionToken: session } : {}) };
      return { load: () => Promise.resolve(found), showsKey: true, from: variables(aws), means: variables(aws) };
    },
  };
}

/**
 * As in the SDK, a named profile goes before keys. A variable of the job that names one beside the job's keys, without
 * files of the job, names nothing; the field is never passed over.
 */
function profileWins(aws: AwsPlan, files: ProfileFiles): boolean {
  const hasFiles = aws.environment.has('AWS_CONFIG_FILE') || aws.environment.has('AWS_SHARED_CREDENTIALS_FILE');
  return files.named && (aws.side === 'agent' || hasFiles || aws.profile?.origin.kind === 'field');
}

/** `field AwsProfile` */
function nameOfProfile({ profile: named }: AwsPlan): string {
  return named === undefined ? 'AWS_PROFILE' : describeOrigin(named.origin);
}

function halfAKey(aws: AwsPlan, missing: string, there: string): StepError {
  const where = aws.side === 'job' ? "the job's variables" : "the agent's environment";
  const message = `${there} is set in ${where}, ${missing} is not: half a key is not completed from elsewhere`;
  return new StepError('AWS_NO_CREDENTIALS', 'agent-aws', 'config', message, {
    hint: `Set ${missing} beside it, or remove ${there}`,
  });
}

function profile(setting: Setting): Source {
  const { aws, files } = setting;
  return {
    absent: `profile ${files.name} in ${files.paths} (${files.find(files.name) ? 'holds no credentials' : 'not there'})`,
    open: () => {
      const section = files.find(files.name);
      if (section === undefined || !holdsIdentity(section)) {
        if (!files.named) return undefined;
        throw noProfile(aws, files, section !== undefined);
      }
      refuseAgentMeans(files, aws);
      const role = section.get('role_arn');
      return {
        load: fromIni({ profile: files.name, ignoreCache: true, ...innerClients(setting) }),
        label: `profile ${files.name}${role === undefined ? '' : `, role ${role}`}`,
        from: `${aws.profile === undefined ? '' : `${nameOfProfile(aws)}, `}${aws.side}'s AWS files`,
        means: `profile ${files.name}`,
        ...(role === undefined ? {} : { role, call: assumeRole(role, section.has('web_identity_token_file')) }),
        program: runsProgram(files),
      };
    },
  };
}

function noProfile(aws: AwsPlan, files: ProfileFiles, exists: boolean): StepError {
  const naming = nameOfProfile(aws);
  const message = `Profile ${files.name}, named by ${naming}, ${exists ? 'holds no credentials' : 'is not'} in ${files.paths}`;
  return new StepError('AWS_NO_CREDENTIALS', 'agent-aws', 'config', message, {
    hint: `Add the profile to one of these files, or correct or remove ${naming}`,
  });
}

function assumeRole(role: string, byToken: boolean): AwsAction {
  return { action: byToken ? 'sts:AssumeRoleWithWebIdentity' : 'sts:AssumeRole', resource: role };
}

function webIdentity(setting: Setting): Source {
  const { aws, files } = setting;
  const file = aws.environment.get('AWS_WEB_IDENTITY_TOKEN_FILE');
  const role = aws.environment.get('AWS_ROLE_ARN');
  return {
    absent: 'AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN (not set)',
    open: () => {
      if (!file || !role) return undefined;
      refuseForeignSts(files, aws, 'AWS_WEB_IDENTITY_TOKEN_FILE');
      return {
        load: fromTokenFile(innerClients(setting)),
        label: `web identity, role ${role}`,
        from: variables(aws),
        means: 'web identity',
        role,
        call: assumeRole(role, true),
      };
    },
  };
}

function container(aws: AwsPlan): Source {
  const names = ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'AWS_CONTAINER_CREDENTIALS_FULL_URI'];
  return {
    absent: `${names.join(' and ')} (not set)`,
    open: () => {
      if (!names.some((name) => aws.environment.get(name))) return undefined;
      return {
        // Made inside `load`: it throws at once for a URI that the SDK does not accept.
        load: async () => fromHttp({ logger: SILENT })(),
        label: 'container role',
        showsKey: true,
        from: variables(aws),
        means: 'container role',
      };
    },
  };
}

function instance(aws: AwsPlan): Source {
  const off = aws.environment.get('AWS_EC2_METADATA_DISABLED')?.toLowerCase() === 'true';
  return {
    absent: `the machine's instance metadata (${off ? 'switched off by AWS_EC2_METADATA_DISABLED' : 'no role there'})`,
    open: () => {
      if (off) return undefined;
      return {
        load: fromInstanceMetadata({ logger: SILENT }),
        label: 'instance role',
        showsKey: true,
        from: 'instance metadata',
        means: 'instance role',
        probe: true,
      };
    },
  };
}

function variables(aws: AwsPlan): string {
  return aws.side === 'job' ? 'job variables' : 'agent environment';
}
