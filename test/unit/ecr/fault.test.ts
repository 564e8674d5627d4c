import { readFault } from '../../../src/ecr/fault';

describe('readFault', () => {
  it("knows the SDK's limits as one code, whether it gave one or not", () => {
    const connecting = Object.assign(new Error('the request socket did not establish a connection'), {
      name: 'TimeoutError',
    });
    expect(readFault(connecting)).toMatchObject({ name: 'TimeoutError', code: 'ETIMEDOUT' });
    expect(readFault(Object.assign(new Error('reset'), { name: 'TimeoutError', code: 'ECONNRESET' })).code).toBe(
      'ECONNRESET',
    );
  });

  it('reads the code of what several addresses ended in', () => {
    const errors = [Object.assign(new Error('a'), { code: 'ECONNREFUSED' }), new Error('b')];
    expect(readFault(new AggregateError(errors)).code).toBe('ECONNREFUSED');
  });
});
