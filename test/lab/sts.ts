import { required, text, type AwsCall, type Operation } from './aws-call';
import type { AwsError } from './aws-errors';
import type { SessionKeys } from './identities';
import type { World } from './world';

/** STS's query protocol: form in, XML out. */

function assumed(call: AwsCall, world: World, session: SessionKeys): Record<string, unknown> {
  const seconds = Number(text(call, 'DurationSeconds') ?? '3600');
  return {
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: new Date(world.clock.now() + seconds * 1000).toISOString(),
    },
    AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.arn },
  };
}

const assumeRole: Operation = (call, world) => {
  const [role, name] = [required(call, 'RoleArn'), required(call, 'RoleSessionName')];
  return assumed(call, world, world.identities.assume(role, name, call.accessKeyId));
};

const getCallerIdentity: Operation = ({ identity }) => ({
  Arn: identity.arn,
  UserId: identity.userId,
  Account: identity.account,
});

export const stsOperations: Readonly<Record<string, Operation>> = {
  AssumeRole: assumeRole,
  AssumeRoleWithWebIdentity: assumeRole,
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
