import { StepError } from '../domain/errors';
import { skewOf } from './clock-skew';
import * as tell from './error-texts';
import type { AwsCall, Tell } from './error-texts';
import * as refusal from './refusal-texts';
import { readFault } from './fault';
import type { Fault } from './fault';

interface Rule {
  readonly when: (fault: Fault, now: number) => boolean;
  readonly tell: Tell;
}

const named =
  (...names: readonly string[]) =>
  (fault: Fault): boolean =>
    names.includes(fault.name);
const coded =
  (...codes: readonly string[]) =>
  (fault: Fault): boolean =>
    codes.includes(fault.code);

const isSignature = named('InvalidSignatureException', 'SignatureDoesNotMatch');
const isLate = named('RequestExpired', 'RequestTimeTooSkewed', 'RequestInTheFuture');
const TLS = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|EPROTO$)/;

/** Nobody answered, or not over a line that can be trusted. */
const LINE: readonly Rule[] = [
  { when: (fault) => TLS.test(fault.code), tell: tell.untrusted },
  { when: coded('ECONNREFUSED'), tell: tell.unreachable('the connection is refused') },
  { when: coded('ENOTFOUND'), tell: tell.unreachable('the name is not found') },
  { when: coded('EAI_AGAIN'), tell: tell.interrupted('the name is not found') },
  { when: coded('ETIMEDOUT'), tell: tell.interrupted('there is no answer in time') },
  { when: coded('ECONNRESET', 'EPIPE'), tell: tell.interrupted('the connection is cut') },
  { when: coded('EHOSTUNREACH', 'ENETUNREACH'), tell: tell.unreachable('there is no route') },
];

/** AWS's error names, statuses and Node's codes: the one place where they are looked at. The first match counts. */
const TABLE: readonly Rule[] = [
  { when: named('RepositoryNotFoundException'), tell: tell.repositoryMissing },
  { when: named('AccessDeniedException', 'AccessDenied', 'UnauthorizedOperation'), tell: tell.denied },
  {
    when: named(
      'ThrottlingException',
      'Throttling',
      'ThrottledException',
      'TooManyRequestsException',
      'RequestLimitExceeded',
      'SlowDown',
    ),
    tell: tell.throttled,
  },
  { when: (fault) => fault.status === 429, tell: tell.throttled },
  {
    when: (fault, now) => isLate(fault) || (isSignature(fault) && skewOf(fault.awsNow, now) !== 0),
    tell: tell.clockSkew,
  },
  { when: named('ExpiredToken', 'ExpiredTokenException'), tell: tell.expired },
  { when: isSignature, tell: tell.wrongSecret },
  {
    when: named('UnrecognizedClientException', 'InvalidClientTokenId', 'InvalidAccessKeyId'),
    tell: tell.unknownKey,
  },
  { when: named('MissingAuthenticationTokenException', 'IncompleteSignatureException'), tell: tell.unknownKey },
  {
    when: named(
      'InvalidIdentityToken',
      'InvalidIdentityTokenException',
      'IDPRejectedClaim',
      'IDPRejectedClaimException',
    ),
    tell: tell.badIdentityToken,
  },
  ...LINE,
  { when: (fault) => (fault.status ?? 0) >= 500, tell: tell.failed },
  // HTTP 400, and yet worth another try (AWS's "Common errors"; STS's API reference).
  {
    when: named('RequestTimeout', 'RequestTimeoutException', 'IDPCommunicationError', 'IDPCommunicationErrorException'),
    tell: tell.failed,
  },
  // What the SDK calls a body that is no JSON, and an error without a name.
  { when: named('SyntaxError', 'Unknown'), tell: tell.notAws },
  { when: named('ImageNotFoundException'), tell: tell.imageMissing },
  { when: named('KmsException'), tell: refusal.keyRefused },
  { when: named('LimitExceededException'), tell: refusal.limitReached },
  { when: named('TooManyTagsException', 'InvalidTagParameterException'), tell: refusal.tagsRefused },
  { when: named('InvalidParameterException', 'ValidationException'), tell: refusal.parameterRefused },
  { when: named('LayersNotFoundException', 'ReferencedImagesNotFoundException'), tell: refusal.partsMissing },
];

/** What an error of the SDK means to the reader. */
export function toStepError(error: unknown, call: AwsCall, now: number): StepError {
  if (error instanceof StepError) return error;
  const fault = readFault(error);
  const rule = TABLE.find((candidate) => candidate.when(fault, now));
  return (rule?.tell ?? tell.refused)(fault, call, now);
}

/** Somebody at the other end of the network spoke, or did not: it is not about a file on this side. */
export function comesFromService(error: unknown): boolean {
  const fault = readFault(error);
  return fault.status !== undefined || LINE.some((rule) => rule.when(fault, 0));
}

/** The tag is free: no fault. Before and after it was made a StepError. */
export function isImageMissing(error: unknown): boolean {
  return error instanceof tell.ImageMissing || readFault(error).name === 'ImageNotFoundException';
}

/** Nobody answered, for a reason that may pass by itself. */
export function isLineFault(code: string): boolean {
  return ['EAI_AGAIN', 'ETIMEDOUT', 'ECONNRESET', 'EPIPE'].includes(code);
}

export function isDenied(error: unknown): boolean {
  return error instanceof StepError && error.code === 'AWS_DENIED';
}

const isNamed =
  (...names: readonly string[]) =>
  (error: unknown): boolean =>
    named(...names)(readFault(error));

// What AWS calls an error and a look-up or a repeated call expects.
export const isExpired = isNamed('ExpiredToken', 'ExpiredTokenException');
export const isPolicyMissing = isNamed('LifecyclePolicyNotFoundException', 'RepositoryPolicyNotFoundException');
export const isRepositoryThere = isNamed('RepositoryAlreadyExistsException');
export const isImageThere = isNamed('ImageAlreadyExistsException');
export const isTagTaken = isNamed('ImageTagAlreadyExistsException');

/** AWS answered, but without what was asked for. */
export function incomplete(action: string, what: string, words?: string): StepError {
  const options = words === undefined ? {} : { words };
  return new StepError('AWS_ERROR', 'agent-aws', 'environment', `AWS answered ${action} without ${what}`, options);
}
