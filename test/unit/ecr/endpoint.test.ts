import { endpointOf } from '../../../src/ecr/endpoint';
import type { ProfileFiles } from '../../../src/ecr/profiles';

const none: ProfileFiles = { name: 'default', named: false, paths: '', find: () => undefined };

afterEach(() => {
  for (const name of ['', '_ECR', '_STS']) Reflect.deleteProperty(process.env, `AWS_ENDPOINT_URL${name}`);
});

describe('endpointOf', () => {
  it('follows from the region where nothing names it', () => {
    expect(endpointOf('ECR', 'eu-west-1', none)).toEqual({
      service: 'ECR',
      text: 'ECR in region eu-west-1',
      url: undefined,
      from: undefined,
      standIn: false,
    });
  });

  it("prefers the service's variable to that of all, and shows neither user nor path", () => {
    process.env['AWS_ENDPOINT_URL'] = 'https://all.internal';
    process.env['AWS_ENDPOINT_URL_ECR'] = 'https://user:pw@ecr.internal:8443/x?y';
    expect(endpointOf('ECR', 'eu-west-1', none)).toEqual({
      service: 'ECR',
      text: 'https://ecr.internal:8443',
      url: 'https://user:pw@ecr.internal:8443/x?y',
      from: 'variable AWS_ENDPOINT_URL_ECR',
      standIn: true,
    });
    expect(endpointOf('STS', 'eu-west-1', none).from).toBe('variable AWS_ENDPOINT_URL');
  });

  it.each([
    'https://vpce-0a1b.api.ecr.eu-west-1.vpce.amazonaws.com',
    'https://api.ecr.cn-north-1.amazonaws.com.cn',
    'https://ecr.eu-west-1.api.aws',
  ])('%s is AWS itself', (url) => {
    process.env['AWS_ENDPOINT_URL_ECR'] = url;
    expect(endpointOf('ECR', 'eu-west-1', none)).toMatchObject({ url, standIn: false });
  });

  it.each(['https://amazonaws.com.evil.io', 'https://evilamazonaws.com', 'http://127.0.0.1:4566'])(
    '%s stands in for AWS',
    (url) => {
      process.env['AWS_ENDPOINT_URL_ECR'] = url;
      expect(endpointOf('ECR', 'eu-west-1', none).standIn).toBe(true);
    },
  );
});
