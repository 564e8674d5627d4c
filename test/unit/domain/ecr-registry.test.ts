import { parseEcrHost } from '../../../src/domain/ecr-registry';

const account = '123456789012';

test.each([
  [`${account}.dkr.ecr.eu-west-1.amazonaws.com`, 'eu-west-1', false],
  [`${account}.dkr.ecr-fips.us-gov-west-1.amazonaws.com`, 'us-gov-west-1', true],
  [`${account}.dkr.ecr.cn-north-1.amazonaws.com.cn`, 'cn-north-1', false],
  [`${account}.dkr-ecr.eu-west-1.on.aws`, 'eu-west-1', false],
  [`${account}.dkr-ecr-fips.us-east-1.on.aws`, 'us-east-1', true],
  [`${account}.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn`, 'cn-north-1', false],
  [`${account}.dkr.ecr.us-iso-east-1.c2s.ic.gov`, 'us-iso-east-1', false],
  [`${account}.dkr.ecr.us-isob-east-1.sc2s.sgov.gov`, 'us-isob-east-1', false],
  [`${account}.dkr.ecr.eusc-de-east-1.amazonaws.eu`, 'eusc-de-east-1', false],
  [`${account}.DKR.ECR.EU-WEST-1.AMAZONAWS.COM`, 'eu-west-1', false],
])('%s', (host, region, fips) => {
  expect(parseEcrHost(host)).toEqual({ host: host.toLowerCase(), accountId: account, region, fips });
});

test.each([
  `${account}.dkr.ecr.eu-west-1.amazonaws.com.evil.io`,
  `evil-${account}.dkr.ecr.eu-west-1.amazonaws.com`,
  `12345678901.dkr.ecr.eu-west-1.amazonaws.com`,
  `${account}.dkr.ecr.eu-west-1.amazonaws.com.`,
  `${account}.dkr.ecr.eu-west-1.amazonaws.com:443`,
  `${account}.dkr.ecr..amazonaws.com`,
  'public.ecr.aws',
  '127.0.0.1:5000',
])('%s is not a private ECR registry', (host) => {
  expect(parseEcrHost(host)).toBeUndefined();
});
