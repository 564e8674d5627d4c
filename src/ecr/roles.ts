import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import type { AwsCredentialIdentity } from '@smithy/types';
import { StepError } from '../domain/errors';
import { describeOrigin } from '../domain/origin';
import type { RolePlan } from '../domain/plan';
import { register } from './credentials';
import type { Credentials, Identity } from './credentials';
import { endpointOf } from './endpoint';
import { isDenied, toStepError } from './errors';
import { policyStatement } from './permissions';
import { principalOf } from './principal';
import { remember } from './remembered';
import { renewing } from './renewing';
import { callerOf } from './setting';
import type { Setting } from './setting';
import { SILENT } from './silent';
import { untilAborted } from './until-aborted';

const ACTION = 'sts:AssumeRole';

/** The credentials of a role, assumed with others; STS is asked once for all calls, and again before they end. */
export function assumeRole(role: RolePlan, base: Credentials, setting: Setting): Credentials {
  const assumed = fromTemporaryCredentials({
    masterCredentials: base.provide,
    params: {
      RoleArn: role.arn.value,
      RoleSessionName: role.sessionName,
      ...(role.externalId === undefined ? {} : { ExternalId: role.externalId }),
    },
    clientConfig: clientOf(setting),
    logger: SILENT,
  });
  const load = async (): Promise<AwsCredentialIdentity> => {
    const limit = AbortSignal.timeout(setting.patience.credentialsMs);
    try {
      const found = await renewing(base, () => untilAborted(() => assumed(), limit));
      register(found, setting.mask);
      return found;
    } catch (error) {
      throw notAssumed(error, role, base, setting);
    }
  };
  return { ...remember(load), identity: () => identityOf(role, base) };
}

/** As of every client here: one attempt, the region's or the named endpoint, the run's network. */
function clientOf({
  files,
  network,
  patience,
  region,
}: Setting): Parameters<typeof fromTemporaryCredentials>[0]['clientConfig'] & object {
  const { url } = endpointOf('STS', region.name, files);
  return {
    region: region.name,
    requestHandler: network.handler,
    maxAttempts: patience.attempts,
    logger: SILENT,
    ...(url === undefined ? {} : { endpoint: url }),
  };
}

function identityOf({ arn }: RolePlan, base: Credentials): Identity {
  const named = describeOrigin(arn.origin);
  const origin = `${named}, with ${base.identity().means}`;
  return { text: `${principalOf(arn.value) ?? arn.value} (${origin})`, arn: arn.value, origin, means: named };
}

function notAssumed(error: unknown, role: RolePlan, base: Credentials, setting: Setting): StepError {
  const { text } = base.identity();
  const call = { action: ACTION, resource: role.arn.value, caller: callerOf(setting, 'STS', text) };
  if (error instanceof StepError) return error; // of the credentials that it is assumed with, or of a proxy
  const told = toStepError(error, call, Date.now());
  if (!isDenied(told)) return told;
  const { words } = told;
  const message = `AWS denies ${ACTION} on ${role.arn.value} (${describeOrigin(role.arn.origin)}) to ${text}`;
  const allow = `Add to the IAM policy of ${text}: ${policyStatement(call)}`;
  const trust = `the role's trust policy must allow that identity too${externalIdHint(role)}`;
  return new StepError('AWS_DENIED', 'agent-aws', 'environment', message, {
    hint: `${allow}; ${trust}`,
    ...(words === undefined ? {} : { words }),
  });
}

/** A trust policy that wants another ExternalId denies as any other does. */
function externalIdHint({ externalId }: RolePlan): string {
  return externalId === undefined
    ? ', and not ask for an ExternalId: none is sent'
    : ', for the ExternalId that is sent (field ExternalId)';
}
