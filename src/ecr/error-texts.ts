import { StepError } from '../domain/errors';
import type { Blame, ErrorCode, StepErrorOptions } from '../domain/errors';
import { clockDifference } from './clock-skew';
import type { Endpoint } from './endpoint';
import type { Fault } from './fault';
import { denialHint, readDenial } from './denial';
import type { Denial } from './denial';
import type { AwsAction } from './permissions';

/** Who calls AWS from where: what a message must say beside AWS's own words. */
export interface Caller {
  /** `access key AKIA…3F2A (job variables)` */
  readonly identity: string;
  readonly region: string;
  /** `field Region`, `profile ci` */
  readonly regionFrom: string;
  readonly accountId: string | undefined;
  readonly endpoint: Endpoint;
  /** `http://proxy:3128 (variable HTTPS_PROXY)`; undefined: AWS is called directly. */
  readonly proxy?: string | undefined;
}

export interface AwsCall extends AwsAction {
  readonly caller: Caller;
  /** Path of the repository that the call is about. */
  readonly repository?: string;
}

/** Makes the error of one kind of fault. */
export type Tell = (fault: Fault, call: AwsCall, now: number) => StepError;

// No `cause`: the SDK's error holds the whole request and response, and what is worth telling of it is in the fault.
export function step(
  code: ErrorCode,
  blame: Blame,
  fault: Fault,
  message: string,
  options: StepErrorOptions = {},
): StepError {
  const words = fault.words === '' ? {} : { words: fault.words };
  return new StepError(code, 'agent-aws', blame, message, { ...words, ...options });
}

export const repositoryMissing: Tell = (fault, { caller, repository = '' }) => {
  const registry =
    caller.accountId === undefined ? 'the registry of these credentials' : `registry ${caller.accountId}`;
  const isPublic = caller.endpoint.service === 'ECR_PUBLIC';
  const where = isPublic ? `ECR Public, ${registry}` : `${registry}, region ${caller.region} (${caller.regionFrom})`;
  const command = `aws ${isPublic ? 'ecr-public' : 'ecr'} create-repository --repository-name ${repository} --region ${caller.region}`;
  const fields = isPublic ? 'the field Repository' : 'the fields Repository, Region and RegistryId';
  return step('ECR_REPOSITORY_MISSING', 'config', fault, `Repository ${repository} does not exist in ${where}`, {
    hint: `Create it with "${command}" or in the console, or correct ${fields}`,
  });
};

/** A tag or digest that is not there: an answer, for whoever looks it up. */
export class ImageMissing extends StepError {}

export const imageMissing: Tell = (fault, { action }) =>
  new ImageMissing('AWS_ERROR', 'agent-aws', 'environment', `AWS refuses ${action}: ${statusOf(fault)}`);

export const denied: Tell = (fault, call) => {
  const denial = readDenial(fault.words, { ...call, resource: resourceOf(call) });
  const message = `AWS denies ${denial.action} on ${denial.resource} to ${call.caller.identity}`;
  return step('AWS_DENIED', 'environment', fault, message, { hint: deniedHint(denial) });
};

/** The repositories of ECR Public have ARNs without a region. */
function resourceOf({ caller, repository, resource }: AwsCall): string {
  const isPublic = caller.endpoint.service === 'ECR_PUBLIC' && repository !== undefined;
  return isPublic ? `arn:aws:ecr-public::${caller.accountId ?? '*'}:repository/${repository}` : resource;
}

function deniedHint(denial: Denial): string {
  if (denial.action === 'sts:AssumeRoleWithWebIdentity') {
    return "The role's trust policy must allow sts:AssumeRoleWithWebIdentity for the issuer, audience and subject of this token";
  }
  const hint = denialHint(denial);
  return denial.action === 'sts:AssumeRole' ? `${hint}; the role's trust policy must name it too` : hint;
}

export const throttled: Tell = (fault, { action }) =>
  step('AWS_THROTTLED', 'environment', fault, `AWS throttles ${action}; attempts made: ${fault.attempts}`, {
    hint: 'There are too many calls at once in this account and region; a rerun is safe',
    transient: true,
  });

export const clockSkew: Tell = (fault, _call, now) => {
  const message = `AWS refuses requests signed by the agent's clock: ${clockDifference(fault.awsNow, now)}`;
  return step('AWS_CLOCK_SKEW', 'environment', fault, message, { hint: "Set the agent's clock, best by NTP" });
};

function rejected(fault: Fault, { action, caller }: AwsCall, why: string, hint: string): StepError {
  const message = `AWS rejects the credentials at ${action}: ${why}; they are ${caller.identity}`;
  return step('AWS_CREDENTIALS_REJECTED', 'environment', fault, message, { hint });
}

/** Said only once they were fetched anew, where that can be. */
export const expired: Tell = (fault, { action, caller }) => {
  const message = `AWS calls the credentials expired at ${action}; they are ${caller.identity}`;
  return step('AWS_CREDENTIALS_EXPIRED', 'environment', fault, message, {
    hint: 'Fetch a new session: nobody renews a session token that was copied; those of a role were fetched anew, in vain',
  });
};

export const wrongSecret: Tell = (fault, call) =>
  rejected(
    fault,
    call,
    'the signature is wrong',
    'The secret access key does not belong to this access key; look for a blank or a line end in it',
  );

export const unknownKey: Tell = (fault, call) =>
  rejected(
    fault,
    call,
    'the access key is not known',
    'Check that the key exists, is active and has its session token beside it, if it is a temporary one, and that ' +
      `region ${call.caller.region} is enabled in its account`,
  );

export const badIdentityToken: Tell = (fault, call) =>
  rejected(
    fault,
    call,
    'the web identity token is not accepted',
    'Check the identity provider in IAM: its issuer, its audience and how old a token may be',
  );

const notReached =
  (why: string, transient: boolean): Tell =>
  (fault, { caller }) => {
    const message = `AWS is not reached at ${caller.endpoint.text}: ${why} (${fault.code})`;
    const proxy = caller.proxy === undefined ? 'no proxy is used (HTTPS_PROXY)' : `the proxy is ${caller.proxy}`;
    return step('AWS_UNREACHABLE', 'environment', fault, message, {
      hint: `${endpointHint(caller)}; ${proxy}`,
      transient,
    });
  };

export const unreachable = (why: string): Tell => notReached(why, false);

/** Worth another try as it stands. */
export const interrupted = (why: string): Tell => notReached(why, true);

export const untrusted: Tell = (fault, { caller }) => {
  const message = `AWS is not reached at ${caller.endpoint.text}: TLS fails (${fault.code})`;
  const hint = `${endpointHint(caller)}; a CA of your own is named by AWS_CA_BUNDLE`;
  return step('AWS_UNREACHABLE', 'environment', fault, message, { hint });
};

export const notAws: Tell = (fault, { caller }) => {
  const message = `What answers at ${caller.endpoint.text} is not AWS: HTTP ${fault.status ?? 0} in another form`;
  const hint = `${endpointHint(caller)}; a proxy may be in between`;
  return step('AWS_UNREACHABLE', 'environment', fault, message, { hint });
};

function endpointHint({ endpoint, region, regionFrom }: Caller): string {
  return endpoint.from === undefined
    ? `The endpoint follows from region ${region} (${regionFrom}): neither AWS_ENDPOINT_URL_${endpoint.service} nor AWS_ENDPOINT_URL is set`
    : `The endpoint is that of ${endpoint.from}`;
}

export const failed: Tell = (fault, { action }) => {
  const message = `AWS failed at ${action}: ${statusOf(fault)}; attempts made: ${fault.attempts}`;
  return step('AWS_ERROR', 'environment', fault, message, { hint: 'A rerun is safe', transient: true });
};

export const refused: Tell = (fault, { action }) =>
  step('AWS_ERROR', 'environment', fault, `AWS refuses ${action}: ${statusOf(fault)}`);

export function statusOf({ name, status }: Fault): string {
  return status === undefined ? name : `${name} (HTTP ${status})`;
}
