import { StepError } from '../../../src/domain/errors';
import { namedHost, typedHost } from '../../../src/ecr/registry-host';

const wanted = { region: 'eu-west-1', accountId: '111122223333', standIn: false };
const HOST = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';

describe('namedHost', () => {
  it.each([
    `https://${HOST}`,
    `https://${HOST}/`,
    `${HOST}/team/app`,
    `https://${HOST.toUpperCase()}.`,
    'https://111122223333.dkr.ecr-fips.eu-west-1.amazonaws.com',
    '111122223333.dkr-ecr.eu-west-1.on.aws/team/app',
  ])('takes %s', (text) => {
    expect(namedHost(text, wanted)).toMatch(/^111122223333\.dkr[.-]ecr(-fips)?\.eu-west-1\.(amazonaws\.com|on\.aws)$/);
  });

  it.each([
    `https://${HOST}:8443`,
    `https://${HOST}.evil.io`,
    `https://${HOST}@evil.io`,
    `https://evil.io/${HOST}`,
    'https://222222222222.dkr.ecr.eu-west-1.amazonaws.com',
    'https://111122223333.dkr.ecr.eu-west-2.amazonaws.com',
    'https://',
    '',
    'not a host/x',
  ])('refuses %p', (text) => {
    expect(() => namedHost(text, wanted)).toThrow(StepError);
  });

  it.each(['https://222222222222.dkr.ecr.eu-west-1.amazonaws.com', '', 'http://'])(
    'refuses %p of a stand-in too',
    (text) => {
      expect(() => namedHost(text, { ...wanted, standIn: true })).toThrow(StepError);
    },
  );

  it('takes any account where none is asked for', () => {
    const host = '222222222222.dkr.ecr.eu-west-1.amazonaws.com';
    expect(namedHost(host, { ...wanted, accountId: undefined })).toBe(host);
  });
});

describe('without a stand-in for AWS', () => {
  it.each([
    ['https://registry.local:5000', 'registry.local:5000'],
    [`https://${HOST}.evil.io`, `${HOST}.evil.io`],
    ['', '(none)'],
  ])('a host that is no ECR host is shown and not believed: %p', (text, shown) => {
    expect(() => namedHost(text, wanted)).toThrow(
      `AWS names the registry ${shown}, which is no ECR registry; asked for was account 111122223333 in region eu-west-1`,
    );
  });

  it('a typed one gets no token', () => {
    const repository = { host: 'docker.io', registry: undefined, path: 'team/app' };
    expect(() => typedHost(repository, false)).toThrow(
      'Field Repository names the host docker.io, which is no ECR registry: an ECR token is not sent there',
    );
    expect(typedHost(repository, true)).toBe('docker.io');
  });
});
