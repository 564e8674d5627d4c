import { parseCallHeaders } from '../../../src/protocol/call-headers';
import { MalformedRequest } from '../../../src/protocol/malformed-request';

describe('the headers beside a request', () => {
  it('are read one by one, as Java encodes them', () => {
    const { serverProperties, secureNames } = parseCallHeaders([
      ...['Host', '127.0.0.1:1'],
      ...['GoCD-ECR-Setting', 'daemon.builders=tcp%3A%2F%2Fbuild-2%3A2376%3Fa%3Db%2Cc'],
      ...['gocd-ecr-setting', 'daemon.b%C3%BCro=a%20b%2Bc=d'],
      ...['GoCD-ECR-Secure', 'NPM_TOKEN'],
      ...['GOCD-ECR-SECURE', 'A%2CB'],
    ]);
    expect([...serverProperties]).toEqual([
      ['daemon.builders', 'tcp://build-2:2376?a=b,c'],
      ['daemon.büro', 'a b+c=d'],
    ]);
    expect([...secureNames]).toEqual(['NPM_TOKEN', 'A,B']);
  });

  it('may be absent', () => {
    const { serverProperties, secureNames } = parseCallHeaders(['Host', '127.0.0.1:1']);
    expect([serverProperties.size, secureNames.size]).toEqual([0, 0]);
  });

  it.each([
    ['GoCD-ECR-Setting', 'novalue', 'A GoCD-ECR-Setting header is not key=value'],
    ['GoCD-ECR-Setting', '=value', 'A GoCD-ECR-Setting header is not key=value'],
    ['GoCD-ECR-Setting', 'a=%zz', 'A GoCD-ECR header is not URL-encoded'],
    ['GoCD-ECR-Secure', '%', 'A GoCD-ECR header is not URL-encoded'],
  ])('are refused: %s: %s', (name, value, message) => {
    expect(() => parseCallHeaders([name, value])).toThrow(new MalformedRequest(message));
  });
});
