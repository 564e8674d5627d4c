import type { AwsCredentialIdentity } from '@smithy/types';
import { StepError } from '../domain/errors';
import type { AwsPlan } from '../domain/plan';
import { Secret } from '../domain/secret';
import type { Mask } from '../pipeline/ports';
import { credentialSources } from './credential-sources';
import type { Opened, Source } from './credential-sources';
import { comesFromService, toStepError } from './errors';
import { readFault } from './fault';
import { remember } from './remembered';
import type { Remembered } from './remembered';
import { callerOf } from './setting';
import type { Setting } from './setting';
import { untilAborted } from './until-aborted';

/** Whose credentials they are, as far as it is known without asking AWS. */
export interface Identity {
  /** `access key AKIA…3F2A (job variables)`; before they were asked for, whose they will be. */
  readonly text: string;
  /** The role's, where one is assumed. */
  readonly arn: string | undefined;
  /** `profile ci, agent's AWS files`: where they come from, beside a name that AWS knows. */
  readonly origin: string;
  /** `profile ci`: in a few words, what another role is assumed with. */
  readonly means: string;
}

export interface Credentials extends Remembered {
  identity(): Identity;
}

/**
 * Resolves the credentials of one side, from that side alone. The SDK's own chain is not used: it goes on to the next
 * source when one that is configured fails, and cannot say which one it took.
 */
export function createCredentials(setting: Setting): Credentials {
  const { aws, mask, patience } = setting;
  const sources = credentialSources(setting);
  const own = `the ${aws.side}'s credentials`;
  let identity: Identity = { text: own, arn: undefined, origin: own, means: own };
  const load = async (): Promise<AwsCredentialIdentity> => {
    const opened = firstOpened(sources);
    if (opened === undefined) throw noCredentials(aws, sources);
    try {
      const found = await untilAborted(() => opened.load(), AbortSignal.timeout(patience.credentialsMs));
      register(found, mask);
      identity = identityOf(opened, found);
      return found;
    } catch (error) {
      if (opened.probe === true) throw noCredentials(aws, sources);
      throw loadError(error, opened, setting);
    }
  };
  return { ...remember(load), identity: () => identity };
}

function firstOpened(sources: readonly Source[]): Opened | undefined {
  for (const source of sources) {
    const opened = source.open();
    if (opened !== undefined) return opened;
  }
  return undefined;
}

/** The session token too: with it alone nobody gets in, but it belongs to nobody's log. */
export function register(found: AwsCredentialIdentity, mask: Mask): void {
  mask.register('AWS secret access key', new Secret(found.secretAccessKey));
  if (found.sessionToken !== undefined) mask.register('AWS session token', new Secret(found.sessionToken));
}

function noCredentials(aws: AwsPlan, sources: readonly Source[]): StepError {
  const where = aws.side === 'job' ? "the job's variables" : "the agent's environment and files";
  const looked = sources.map((source) => source.absent).join('; ');
  return new StepError(
    'AWS_NO_CREDENTIALS',
    'agent-aws',
    'environment',
    `No AWS credentials in ${where}. Looked at: ${looked}`,
    {
      hint: 'Give the agent a role, a profile or keys, or set AWS_ACCESS_KEY_ID and, as a secure variable, AWS_SECRET_ACCESS_KEY for the job',
    },
  );
}

/** A source that is configured and gives nothing: STS refused, the file is gone, the program failed. */
function loadError(error: unknown, opened: Opened, setting: Setting): StepError {
  if (error instanceof StepError) return error; // a proxy's
  const identity = describe(opened);
  if (opened.call !== undefined && comesFromService(error)) {
    return toStepError(error, { ...opened.call, caller: callerOf(setting, 'STS', identity) }, Date.now());
  }
  const { words } = readFault(error);
  return new StepError(
    'AWS_NO_CREDENTIALS',
    'agent-aws',
    'environment',
    `No AWS credentials could be had from ${identity}`,
    {
      ...(opened.program === true || words === '' ? {} : { words }),
      hint:
        opened.program === true
          ? 'Run its credential_process by hand as the agent'
          : 'What is configured there must work: no other source is tried',
    },
  );
}

function identityOf(opened: Opened, found: AwsCredentialIdentity): Identity {
  const { role: arn, from, means } = opened;
  return { text: describe(opened, found), arn, origin: means === from ? from : `${means}, ${from}`, means };
}

function describe(opened: Opened, found?: AwsCredentialIdentity): string {
  const key = opened.showsKey === true && found !== undefined ? accessKey(found.accessKeyId) : undefined;
  const who = [opened.label, key].filter((part) => part !== undefined);
  return `${who.join(', ')} (${opened.from})`;
}

/** `access key AKIA…3F2A`: enough to find it in the console of AWS. What is shorter is no key of AWS's and shows less. */
function accessKey(id: string): string {
  const short = id.length < 16 ? `${id.slice(0, 2)}…` : `${id.slice(0, 4)}…${id.slice(-4)}`;
  return `access key ${short}`;
}
