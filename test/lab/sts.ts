import { required, text, type AwsCall, type Operation } from './aws-call';
import { AwsError } from './aws-errors';
import type { SessionKeys } from './identities';
import type { World } from './world';

/** STS's query protocol: form in, XML out. */

function assumed(session: SessionKeys): Record<string, unknown> {
  return {
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: new Date(session.expiresAt).toISOString(),
    },
    AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.arn },
  };
}

/** A role whose trust policy does not fit answers as one that the caller may not assume (STS tells no reason). */
function checkTrust(call: AwsCall, world: World, roleArn: string): void {
  const wanted = world.identities.role(roleArn)?.externalId;
  if (wanted === undefined || wanted === text(call, 'ExternalId')) return;
  const message = `User: ${call.identity.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
  throw new AwsError('AccessDenied', message, 403);
}

function session(call: AwsCall, world: World): SessionKeys {
  const [role, name] = [required(call, 'RoleArn'), required(call, 'RoleSessionName')];
  const seconds = text(call, 'DurationSeconds');
  return world.identities.assume(role, name, call.accessKeyId, seconds === undefined ? undefined : Number(seconds));
}

const assumeRole: Operation = (call, world) => {
  checkTrust(call, world, required(call, 'RoleArn'));
  return assumed(session(call, world));
};

const assumeRoleWithWebIdentity: Operation = (call, world) => {
  required(call, 'WebIdentityToken');
  return assumed(session(call, world));
};

const getCallerIdentity: Operation = ({ identity }) => ({
  Arn: identity.arn,
  UserId: identity.userId,
  Account: identity.account,
});

export const stsOperations: Readonly<Record<string, Operation>> = {
  AssumeRole: assumeRole,
  AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity,
  GetCallerIdentity: getCallerIdentity,
};

function escaped(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function xml(value: unknown): string {
  if (typeof value !== 'object' || value === null) return escaped(String(value));
  return Object.entries(value)
    .map(([key, inner]) => `<${key}>${xml(inner)}</${key}>`)
    .join('');
}

const namespace = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"';

export function stsReply(operation: string, reply: Record<string, unknown>, requestId: string): string {
  const meta = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  return `<${operation}Response ${namespace}><${operation}Result>${xml(reply)}</${operation}Result>${meta}</${operation}Response>`;
}

export function stsError(error: AwsError, requestId: string): string {
  const type = error.status < 500 ? 'Sender' : 'Receiver';
  const inner = xml({ Type: type, Code: error.code, Message: error.message });
  return `<ErrorResponse ${namespace}><Error>${inner}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
}
