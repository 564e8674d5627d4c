import { atMost } from '../../../src/pipeline/at-most';

test('no more than so many are under way, and the answers stand in the order of the items', async () => {
  let running = 0;
  let most = 0;
  const results = await atMost(4, [1, 2, 3, 4, 5, 6, 7, 8, 9], async (item) => {
    most = Math.max(most, ++running);
    await new Promise((done) => setTimeout(done, 10 - item));
    running--;
    if (item === 5) throw new TypeError('five');
    return item * 2;
  });
  expect(most).toBe(4);
  expect(results.map((result) => (result.status === 'fulfilled' ? result.value : result.status))).toEqual([
    2,
    4,
    6,
    8,
    'rejected',
    12,
    14,
    16,
    18,
  ]);
});

test('nothing is nothing', async () => {
  expect(await atMost(4, [], async () => 1)).toEqual([]);
});
