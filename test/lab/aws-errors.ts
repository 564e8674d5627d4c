import type { AwsErrorName } from './orders';

/** Errors as AWS's services answer them. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

export interface Asked {
  readonly service: string;
  readonly operation: string;
  readonly arn: string;
  readonly resource: string;
}

const wrongSignature =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

interface Usual {
  readonly text: string | ((asked: Asked) => string);
  readonly status?: number;
  /** STS names and numbers some differently */
  readonly sts?: readonly [code: string, status: number];
}

function denied({ service, operation, arn, resource }: Asked): string {
  const action = `${service}:${operation}`;
  return `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;
}

const usual: Readonly<Record<AwsErrorName, Usual>> = {
  AccessDeniedException: { text: denied, sts: ['AccessDenied', 403] },
  ThrottlingException: { text: 'Rate exceeded', sts: ['Throttling', 400] },
  ServerException: { text: 'There was an internal service error.', status: 500 },
  ServiceUnavailableException: { text: 'Service Unavailable', status: 503 },
  ExpiredTokenException: {
    text: 'The security token included in the request is expired',
    sts: ['ExpiredToken', 403],
  },
  UnrecognizedClientException: {
    text: 'The security token included in the request is invalid.',
    sts: ['InvalidClientTokenId', 403],
  },
  InvalidSignatureException: { text: wrongSignature, sts: ['SignatureDoesNotMatch', 403] },
  InvalidParameterException: { text: 'Invalid parameter provided' },
  RepositoryNotFoundException: { text: ({ resource }) => `The repository ${resource} does not exist in the registry` },
};

/** AWS's own text and status of an error that a test ordered by name. */
export function awsError(name: AwsErrorName, asked: Asked): AwsError {
  const { text, status = 400, sts } = usual[name];
  const message = typeof text === 'string' ? text : text(asked);
  return asked.service === 'sts' && sts !== undefined
    ? new AwsError(sts[0], message, sts[1])
    : new AwsError(name, message, status);
}

const skewLimitMs = 5 * 60 * 1000;

function amzDate(at: number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');
}

/** A client whose clock is more than five minutes off is told so, as AWS does. */
export function skewError(service: string, clientDate: string, now: number): AwsError | undefined {
  const iso = clientDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const behind = now - Date.parse(iso);
  if (Number.isNaN(behind) || Math.abs(behind) <= skewLimitMs) return undefined;
  const [code, status] = service === 'sts' ? ['SignatureDoesNotMatch', 403] : ['InvalidSignatureException', 400];
  const edge = amzDate(now - Math.sign(behind) * skewLimitMs);
  const text =
    behind > 0
      ? `Signature expired: ${clientDate} is now earlier than ${edge} (${amzDate(now)} - 5 min.)`
      : `Signature not yet current: ${clientDate} is still later than ${edge} (${amzDate(now)} + 5 min.)`;
  return new AwsError(code, text, status);
}
