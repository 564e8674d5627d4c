import type { IncomingMessage } from 'node:http';
import { accountOf, header, text, type AwsCall } from './aws-call';
import { AwsError, awsError, skewError } from './aws-errors';
import type { AwsErrorName } from './orders';
import { operationsNeeded } from './policies';
import type { World } from './world';

/** The checks that AWS makes before it looks at what a call is about. */

function resourceOf(call: AwsCall): string {
  if (call.service === 'sts') return text(call, 'RoleArn') ?? '*';
  const arn = text(call, 'resourceArn');
  if (arn !== undefined) return arn;
  const [first] = (call.input['repositoryNames'] as string[] | undefined) ?? [];
  const name = text(call, 'repositoryName') ?? first;
  return name === undefined ? '*' : `arn:aws:ecr:${call.region}:${accountOf(call)}:repository/${name}`;
}

/** An error as AWS words it for this caller and this call. */
export function named(name: AwsErrorName, call: AwsCall): AwsError {
  const { service, operation, identity } = call;
  return awsError(name, { service, operation, arn: identity.arn, resource: resourceOf(call) });
}

export function authenticate(call: AwsCall, request: IncomingMessage, world: World): void {
  if (call.operation === 'AssumeRoleWithWebIdentity') return; // is signed by nobody
  if (call.accessKeyId === null) {
    throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403);
  }
  const skew = skewError(call.service, header(request, 'x-amz-date') ?? '', world.clock.now());
  if (skew !== undefined) throw skew;
  const session = world.identities.session(call.accessKeyId);
  if (session === undefined) return;
  if (session.sessionToken !== header(request, 'x-amz-security-token')) {
    throw named('UnrecognizedClientException', call);
  }
  if (session.expiresAt <= world.clock.now()) throw named('ExpiredTokenException', call);
}

export function authorize(call: AwsCall, world: World): void {
  for (const operation of operationsNeeded(call)) {
    const allowed = world.identities.policies.may(call.identity.holder, `${call.service}:${operation}`);
    if (!allowed) throw named('AccessDeniedException', { ...call, operation });
  }
}
