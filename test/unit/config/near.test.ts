import { distance, nearNames } from '../../../src/config/near';

test.each([
  ['', '', 0],
  ['', 'abc', 3],
  ['abc', '', 3],
  ['abc', 'abc', 0],
  ['abc', 'abd', 1],
  ['abc', 'acb', 1],
  ['BRNACH', 'BRANCH', 1],
  ['kitten', 'sitting', 3],
])('from %j to %j it is %d', (left, right, steps) => {
  expect(distance(left, right)).toBe(steps);
  expect(distance(right, left)).toBe(steps);
});

test.each([
  ['Tag', ['Tags', 'Target', 'Mode'], ['Tags']],
  ['dockerhost', ['DockerHost', 'Dockerfile'], ['DockerHost']],
  ['x', ['a', 'b'], []],
  ['x'.repeat(100), ['x'.repeat(101)], ['x'.repeat(101)]],
  ['x'.repeat(101), ['x'.repeat(102)], []],
  ['AAA', ['AAB', 'AAC', 'AAD', 'AAE'], ['AAB', 'AAC', 'AAD']],
])('near %s of %j there is %j', (name, candidates, near) => {
  expect(nearNames(name, candidates)).toEqual(near);
});
