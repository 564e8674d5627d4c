import { firstDifference } from '../../../src/ecr/json-difference';

describe('firstDifference', () => {
  it.each<[unknown, unknown]>([
    [
      { a: 1, b: [1, 2] },
      { b: [1, 2], a: 1 },
    ],
    [{ Action: 'ecr:PutImage' }, { Action: ['ecr:PutImage'] }],
    [{ Action: ['b', 'a'] }, { Action: ['a', 'b'] }],
    [{ AWS: '111122223333' }, { AWS: 'arn:aws:iam::111122223333:root' }],
    [{ AWS: 'arn:aws-cn:iam::111122223333:root' }, { AWS: '111122223333' }],
    [{ rules: [{ rulePriority: 2 }, { rulePriority: 1 }] }, { rules: [{ rulePriority: 1 }, { rulePriority: 2 }] }],
    [null, null],
    [[], []],
    ['x', 'x'],
  ])('finds none between %j and %j', (one, other) => {
    expect(firstDifference(one, other)).toBeUndefined();
  });

  it.each<[unknown, unknown, string]>([
    [{ a: { b: [1, 2] } }, { a: { b: [1, 3] } }, 'a.b[1]'],
    [{ a: 1 }, {}, 'a'],
    [{}, { a: 1 }, 'a'],
    [{ Statement: [{ Effect: 'Allow' }, { Effect: 'Deny' }] }, { Statement: [{ Effect: 'Allow' }] }, 'Statement[1]'],
    [{ Statement: [{ n: 1 }, { n: 2 }] }, { Statement: [{ n: 2 }, { n: 1 }] }, 'Statement[0].n'],
    [{ a: [] }, { a: {} }, 'a'],
    [{ AWS: 'arn:aws:iam::111122223333:role/x' }, { AWS: '111122223333' }, 'AWS'],
    [1, '1', ''],
    [null, {}, ''],
  ])('between %j and %j', (one, other, path) => {
    expect(firstDifference(one, other)?.path).toBe(path);
  });

  it('shows both sides', () => {
    expect(firstDifference({ a: 1 }, {})).toEqual({ path: 'a', wanted: 1, found: undefined });
  });
});
