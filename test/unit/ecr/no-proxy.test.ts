import { goesDirectly } from '../../../src/ecr/no-proxy';

const HOST = 'api.ecr.eu-west-1.amazonaws.com';

describe('goesDirectly', () => {
  it.each([
    HOST,
    'amazonaws.com',
    '.amazonaws.com',
    '*.amazonaws.com',
    'API.ECR.eu-west-1.AmazonAWS.com',
    'amazonaws.com:443',
    'internal, .eu-west-1.amazonaws.com',
    'internal .eu-west-1.amazonaws.com',
    '*',
    'amazonaws.com.',
  ])('NO_PROXY=%s names the host', (noProxy) => {
    expect(goesDirectly(noProxy, HOST, 443)).toBe(true);
  });

  it.each([
    '',
    ' , ',
    'aws.com',
    'mazonaws.com',
    'amazonaws.com:8443',
    'evil.io',
    '.',
    '*.',
    'eu-west-1',
    '10.0.0.0/8',
  ])('NO_PROXY=%p does not', (noProxy) => {
    expect(goesDirectly(noProxy, HOST, 443)).toBe(false);
  });

  it.each(['localhost', 'x.localhost', '127.0.0.1', '127.8.9.10', '::1', '[::1]', 'LOCALHOST'])(
    '%s never goes through a proxy',
    (host) => {
      expect(goesDirectly('', host, 4566)).toBe(true);
    },
  );

  it.each([
    ['10.0.0.7', '10.0.0.7'],
    ['[2001:db8::7]', '[2001:db8::7]'],
    ['2001:db8::7', '[2001:db8::7]:443'],
    ['2001:db8::7', '2001:db8::7'],
  ])('the address %s is named by %s', (host, noProxy) => {
    expect(goesDirectly(noProxy, host, 443)).toBe(true);
  });

  it('is quick with a long list', () => {
    expect(goesDirectly('*.'.repeat(50_000), HOST, 443)).toBe(false);
  });
});
