import { parseEcrHost } from '../../../src/domain/ecr-registry';

const account = '123456789012';

test.each([
  [`${account}.dkr.ecr.eu-west-1.amazonaws.com`, 'aws', 'eu-west-1', false],
  [`${account}.dkr.ecr.ap-southeast-5.amazonaws.com`, 'aws', 'ap-southeast-5', false],
  [`${account}.dkr.ecr-fips.us-east-1.amazonaws.com`, 'aws', 'us-east-1', true],
  [`${account}.dkr-ecr.eu-west-1.on.aws`, 'aws', 'eu-west-1', false],
  [`${account}.dkr-ecr-fips.us-east-1.on.aws`, 'aws', 'us-east-1', true],
  [`${account}.dkr.ecr.us-gov-east-1.amazonaws.com`, 'aws-us-gov', 'us-gov-east-1', false],
  [`${account}.dkr.ecr-fips.us-gov-west-1.amazonaws.com`, 'aws-us-gov', 'us-gov-west-1', true],
  [`${account}.dkr-ecr-fips.us-gov-west-1.on.aws`, 'aws-us-gov', 'us-gov-west-1', true],
  [`${account}.dkr.ecr.cn-north-1.amazonaws.com.cn`, 'aws-cn', 'cn-north-1', false],
  [`${account}.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn`, 'aws-cn', 'cn-north-1', false],
  [`${account}.dkr.ecr.us-iso-east-1.c2s.ic.gov`, 'aws-iso', 'us-iso-east-1', false],
  [`${account}.dkr.ecr.us-isob-east-1.sc2s.sgov.gov`, 'aws-iso-b', 'us-isob-east-1', false],
  [`${account}.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk`, 'aws-iso-e', 'eu-isoe-west-1', false],
  [`${account}.dkr.ecr.us-isof-south-1.csp.hci.ic.gov`, 'aws-iso-f', 'us-isof-south-1', false],
  [`${account}.dkr.ecr.eusc-de-east-1.amazonaws.eu`, 'aws-eusc', 'eusc-de-east-1', false],
  [`${account}.dkr-ecr.eusc-de-east-1.on.amazonwebservices.eu`, 'aws-eusc', 'eusc-de-east-1', false],
  [`${account}.DKR.ECR.EU-WEST-1.AMAZONAWS.COM`, 'aws', 'eu-west-1', false],
])('%s', (host, partition, region, fips) => {
  const expected = { host: host.toLowerCase(), kind: 'private', partition, accountId: account, region, fips };
  expect(parseEcrHost(host)).toEqual(expected);
});

test.each(['public.ecr.aws', 'PUBLIC.ecr.aws', 'ecr-public.aws.com'])('%s is the public registry', (host) => {
  expect(parseEcrHost(host)).toEqual({
    host: host.toLowerCase(),
    kind: 'public',
    partition: 'aws',
    accountId: undefined,
    region: 'us-east-1',
    fips: false,
  });
});

test.each([
  `${account}.dkr.ecr.eu-west-1.amazonaws.com.evil.io`,
  `evil-${account}.dkr.ecr.eu-west-1.amazonaws.com`,
  `12345678901.dkr.ecr.eu-west-1.amazonaws.com`,
  `1234567890123.dkr.ecr.eu-west-1.amazonaws.com`,
  `${account}.dkr.ecr.eu-west-1.amazonaws.com.`,
  `${account}.dkr.ecr.eu-west-1.amazonaws.com:443`,
  `${account}.dkr.ecr..amazonaws.com`,
  `${account}.dkr.ecr.amazonaws.com`,
  `${account}.dkr.ecr.evil.amazonaws.com`,
  `${account}.dkr.ecr.eu-west-1.amazonaws.com.cn`,
  `${account}.dkr.ecr.cn-north-1.amazonaws.com`,
  `${account}.dkr.ecr.eu-west-1.on.aws`,
  `${account}.dkr-ecr.eu-west-1.amazonaws.com`,
  `${account}.dkr.ecr.eusc-de-east-1.amazonaws.com`,
  `${account}.dkr-ecr.us-iso-east-1.on.aws`,
  `${account}.dkr-ecr.us-iso-east-1.`,
  `${account}.dkr_ecr.eu-west-1.on.aws`,
  'public.ecr.aws.evil.io',
  'x.public.ecr.aws',
  'public.ecr.aws:443',
  '127.0.0.1:5000',
  '',
])('%s is no ECR registry', (host) => {
  expect(parseEcrHost(host)).toBeUndefined();
});
