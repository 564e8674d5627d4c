import { FaultBook } from '../lab/fault-book';
import { isFixed, RepositoryBook } from '../lab/repository-book';
import { Clock } from '../lab/world';
import { TokenBook } from '../lab/token-book';

describe('ordered faults', () => {
  test('come in order, skip what they were told to skip, and end', () => {
    const book = new FaultBook<{ name: string; after?: number; times?: number | 'always' }>();
    book.add({ name: 'second', after: 1, times: 2 });
    book.add({ name: 'always', after: 4, times: 'always' });
    const taken = Array.from({ length: 9 }, () => book.take(() => true)?.name);
    expect(taken).toEqual([
      undefined,
      'second',
      'second',
      undefined,
      undefined,
      undefined,
      'always',
      'always',
      'always',
    ]);
    book.clear((fault) => fault.name === 'always');
    expect(book.take(() => true)).toBeUndefined();
  });

  test('are not used up by calls they are not for', () => {
    const book = new FaultBook<{ name: string; times?: number }>();
    book.add({ name: 'a' });
    expect(book.take((fault) => fault.name === 'b')).toBeUndefined();
    expect(book.take((fault) => fault.name === 'a')).toEqual({ name: 'a' });
  });
});

describe('tokens', () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  const owner = { region: 'r', accessKeyId: 'A', rootKeyId: 'A' };

  test('are good until they expire, for their region and user only', () => {
    const clock = new Clock();
    const book = new TokenBook(clock);
    const { password } = book.issue(owner, 60);
    const judge = (header: string | undefined, region: string | null = 'r') => book.judge(header, region).verdict;
    expect(judge(basic(`AWS:${password}`))).toBe('good');
    expect(judge(basic(`AWS:${password}`), 'other')).toBe('unknown');
    expect(judge(basic(`AWS:${password}`), null)).toBe('good');
    expect(judge(basic(`me:${password}`))).toBe('unknown');
    expect(judge('Bearer x')).toBe('unknown');
    expect(judge(undefined)).toBe('none');
    clock.offsetMs = 61_000;
    expect(judge(basic(`AWS:${password}`))).toBe('expired');
  });
});

describe('immutability', () => {
  test.each([
    ['MUTABLE', [], '1', false],
    ['IMMUTABLE', [], 'latest', true],
    ['IMMUTABLE_WITH_EXCLUSION', ['latest*'], 'latest-x', false],
    ['IMMUTABLE_WITH_EXCLUSION', ['latest*'], 'not-latest', true],
    ['MUTABLE_WITH_EXCLUSION', ['v*.*'], 'v1.2', true],
    ['MUTABLE_WITH_EXCLUSION', ['v*.*'], 'v12', false],
  ] as const)('%s %p: is %s fixed? %p', (mutability, exclusions, tag, fixed) => {
    expect(isFixed(new RepositoryBook().create('r', { mutability, exclusions }, 0), tag)).toBe(fixed);
  });
});
