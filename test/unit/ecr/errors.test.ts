import { StepError } from '../../../src/domain/errors';
import { comesFromService, toStepError } from '../../../src/ecr/errors';
import type { Endpoint } from '../../../src/ecr/endpoint';
import type { AwsCall } from '../../../src/ecr/error-texts';

function regional(service: Endpoint['service']): Endpoint {
  return { service, text: `${service} in region eu-west-1`, url: undefined, from: undefined, standIn: false };
}

const NOW = Date.UTC(2026, 10, 24, 10, 0, 0);
const caller = {
  identity: 'access key AKIA…3F2A (job variables)',
  region: 'eu-west-1',
  regionFrom: 'field Region',
  accountId: undefined,
  endpoint: regional('ECR'),
};
const call: AwsCall = { action: 'ecr:PutImage', resource: '*', caller };

interface Sdk {
  readonly name?: string;
  readonly code?: string;
  readonly status?: number;
  readonly date?: string;
}

/** An error in the shape in which the SDK throws it. */
function sdk({ name = 'Error', code, status, date }: Sdk): Error {
  const $response = { headers: date === undefined ? {} : { date } };
  return Object.assign(new Error('words of AWS'), { name, code, $metadata: { httpStatusCode: status }, $response });
}

const told = (error: unknown): [string, string] => {
  const { code, message } = toStepError(error, call, NOW);
  return [code, message];
};

describe('the table of AWS errors', () => {
  it.each(['AccessDeniedException', 'AccessDenied', 'UnauthorizedOperation'])('%s is a denial', (name) => {
    expect(told(sdk({ name, status: 403 }))).toEqual([
      'AWS_DENIED',
      'AWS denies ecr:PutImage on * to access key AKIA…3F2A (job variables)',
    ]);
  });

  it.each([
    { name: 'ThrottlingException', status: 400 },
    { name: 'Throttling', status: 400 },
    { name: 'ThrottledException', status: 400 },
    { name: 'TooManyRequestsException', status: 400 },
    { name: 'RequestLimitExceeded', status: 503 },
    { name: 'SlowDown', status: 503 },
    { name: 'Whatever', status: 429 },
  ])('$name with status $status is throttling', (error) => {
    expect(told(sdk(error))).toEqual(['AWS_THROTTLED', 'AWS throttles ecr:PutImage; attempts made: 1']);
    expect(toStepError(sdk(error), call, NOW).transient).toBe(true);
  });

  it.each([
    ['Tue, 24 Nov 2026 12:03:00 GMT', '2026-11-24T12:03:00Z at AWS, 2 h 3 min behind'],
    ['Tue, 24 Nov 2026 09:54:00 GMT', '2026-11-24T09:54:00Z at AWS, 6 min ahead'],
  ])('a signature of another time, %s, is the clock', (date, shown) => {
    for (const name of ['InvalidSignatureException', 'SignatureDoesNotMatch', 'RequestExpired']) {
      expect(told(sdk({ name, status: 403, date }))).toEqual([
        'AWS_CLOCK_SKEW',
        `AWS refuses requests signed by the agent's clock: 2026-11-24T10:00:00Z here, ${shown}`,
      ]);
    }
  });

  it.each(['RequestExpired', 'RequestTimeTooSkewed', 'RequestInTheFuture'])('%s is the clock in any case', (name) => {
    expect(told(sdk({ name, status: 403 }))).toEqual([
      'AWS_CLOCK_SKEW',
      "AWS refuses requests signed by the agent's clock: 2026-11-24T10:00:00Z here",
    ]);
  });

  it.each([
    ['InvalidSignatureException', 'Tue, 24 Nov 2026 10:04:59 GMT', 'the signature is wrong'],
    ['SignatureDoesNotMatch', undefined, 'the signature is wrong'],
    ['UnrecognizedClientException', undefined, 'the access key is not known'],
    ['InvalidClientTokenId', undefined, 'the access key is not known'],
    ['InvalidAccessKeyId', undefined, 'the access key is not known'],
    ['MissingAuthenticationTokenException', undefined, 'the access key is not known'],
    ['IncompleteSignatureException', undefined, 'the access key is not known'],
    ['InvalidIdentityToken', undefined, 'the web identity token is not accepted'],
    ['InvalidIdentityTokenException', undefined, 'the web identity token is not accepted'],
    ['IDPRejectedClaim', undefined, 'the web identity token is not accepted'],
    ['IDPRejectedClaimException', undefined, 'the web identity token is not accepted'],
  ])('%s rejects the credentials', (name, date, why) => {
    expect(told(sdk({ name, status: 403, ...(date === undefined ? {} : { date }) }))).toEqual([
      'AWS_CREDENTIALS_REJECTED',
      `AWS rejects the credentials at ecr:PutImage: ${why}; they are access key AKIA…3F2A (job variables)`,
    ]);
  });

  it.each(['ExpiredToken', 'ExpiredTokenException'])('%s is told as such', (name) => {
    expect(told(sdk({ name, status: 403 }))).toEqual([
      'AWS_CREDENTIALS_EXPIRED',
      'AWS calls the credentials expired at ecr:PutImage; they are access key AKIA…3F2A (job variables)',
    ]);
  });

  it.each([
    ['ECONNREFUSED', 'the connection is refused'],
    ['ENOTFOUND', 'the name is not found'],
    ['EAI_AGAIN', 'the name is not found'],
    ['ETIMEDOUT', 'there is no answer in time'],
    ['ECONNRESET', 'the connection is cut'],
    ['EPIPE', 'the connection is cut'],
    ['EHOSTUNREACH', 'there is no route'],
    ['ENETUNREACH', 'there is no route'],
    ['EPROTO', 'TLS fails'],
    ['CERT_HAS_EXPIRED', 'TLS fails'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'TLS fails'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'TLS fails'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'TLS fails'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'TLS fails'],
  ])('%s: AWS is not reached', (code, why) => {
    const error = sdk({ code });
    const text = `AWS is not reached at ECR in region eu-west-1: ${why} (${code})`;
    expect(told(error)).toEqual(['AWS_UNREACHABLE', text]);
    expect(comesFromService(error)).toBe(true);
    expect(told(new AggregateError([error], 'all addresses failed'))).toEqual(['AWS_UNREACHABLE', text]);
    expect(told(Object.assign(new Error('wrapped'), { cause: error }))).toEqual(['AWS_UNREACHABLE', text]);
  });

  it.each(['EAI_AGAIN', 'ETIMEDOUT', 'ECONNRESET', 'EPIPE'])('%s is worth another try', (code) => {
    expect(toStepError(sdk({ code }), call, NOW).transient).toBe(true);
  });

  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'EPROTO'])('%s is not', (code) => {
    expect(toStepError(sdk({ code }), call, NOW).transient).toBe(false);
  });

  it('names the proxy that is used', () => {
    const proxied = { ...call, caller: { ...caller, proxy: 'http://proxy:3128 (job variable HTTPS_PROXY)' } };
    expect(toStepError(sdk({ code: 'ECONNRESET' }), proxied, NOW).hint).toBe(
      'The endpoint follows from region eu-west-1 (field Region): neither AWS_ENDPOINT_URL_ECR nor AWS_ENDPOINT_URL is set; the proxy is http://proxy:3128 (job variable HTTPS_PROXY)',
    );
  });

  it.each([500, 502, 503, 504])('HTTP %d is worth another try, whatever its body', (status) => {
    const error = toStepError(sdk({ name: 'SyntaxError', status }), call, NOW);
    expect([error.code, error.message, error.transient]).toEqual([
      'AWS_ERROR',
      `AWS failed at ecr:PutImage: SyntaxError (HTTP ${status}); attempts made: 1`,
      true,
    ]);
  });

  it('something else that was thrown is told as it is', () => {
    expect(told(new TypeError('x'))).toEqual(['AWS_ERROR', 'AWS refuses ecr:PutImage: TypeError']);
    const { message, words } = toStepError('a string', call, NOW);
    expect([message, words]).toEqual(['AWS refuses ecr:PutImage: ', 'a string']);
    expect(comesFromService(Object.assign(new Error('x'), { code: 'ENOENT' }))).toBe(false);
  });

  it('a StepError stays what it is', () => {
    const error = new StepError('AWS_NO_CREDENTIALS', 'agent-aws', 'config', 'x');
    expect(toStepError(error, call, NOW)).toBe(error);
  });

  it('holds no error of the SDK, whose fields are requests and headers', () => {
    expect(toStepError(sdk({ name: 'AccessDenied' }), call, NOW).cause).toBeUndefined();
  });

  it.each(['ExpiredToken', 'ExpiredTokenException'])('%s says so', (name) => {
    expect(told(sdk({ name, status: 403 }))).toEqual([
      'AWS_CREDENTIALS_EXPIRED',
      'AWS calls the credentials expired at ecr:PutImage; they are access key AKIA…3F2A (job variables)',
    ]);
  });

  it.each(['RequestTimeout', 'IDPCommunicationError'])('%s is worth another try, HTTP 400 or not', (name) => {
    expect(toStepError(sdk({ name, status: 400 }), call, NOW)).toMatchObject({ code: 'AWS_ERROR', transient: true });
  });

  it("names STS's variables for STS", () => {
    const sts = { ...call, caller: { ...caller, endpoint: regional('STS') } };
    const { message, hint } = toStepError(sdk({ code: 'ENOTFOUND' }), sts, NOW);
    expect(message).toBe('AWS is not reached at STS in region eu-west-1: the name is not found (ENOTFOUND)');
    expect(hint).toBe(
      'The endpoint follows from region eu-west-1 (field Region): neither AWS_ENDPOINT_URL_STS nor AWS_ENDPOINT_URL is set; no proxy is used (HTTPS_PROXY)',
    );
  });
});
