import { blobRefused, blobUnreachable } from '../../../src/ecr/blob-errors';

const URL_OF_ECR = new URL(
  'https://prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com/a/b?X-Amz-Signature=not-to-be-shown',
);

it('names the bucket that a VPC endpoint of S3 must let through', () => {
  const { code, message, hint } = blobRefused(URL_OF_ECR, 403, '<Error><Code>AccessDenied</Code></Error>');
  expect([code, message, hint]).toEqual([
    'AWS_ERROR',
    "The image's config is refused at https://prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com: AccessDenied (HTTP 403)",
    'ECR signs the URL itself; if there is a VPC endpoint for S3, its policy must allow s3:GetObject on arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*',
  ]);
});

it.each([
  [new DOMException('The operation timed out', 'TimeoutError'), 'there is no answer in time', undefined, true],
  [Object.assign(new Error('aborted'), { code: 'ABORT_ERR' }), 'there is no answer in time', undefined, true],
  [Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }), 'ECONNRESET', 'socket hang up', true],
  [Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), 'ENOTFOUND', 'no such name', false],
  [new Error('odd'), 'the connection fails', 'odd', false],
])('tells %p without the signed URL', (error, why, words, transient) => {
  const told = blobUnreachable(URL_OF_ECR, error);
  expect([told.code, told.message, told.words, told.transient]).toEqual([
    'AWS_UNREACHABLE',
    `The image's config cannot be fetched from ${URL_OF_ECR.origin}: ${why}`,
    words,
    transient,
  ]);
});
