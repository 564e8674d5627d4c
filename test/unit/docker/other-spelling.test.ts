import { otherSpelling } from '../../../src/docker/other-spelling';

const host = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';

test('the same host, each time in the same letters', () => {
  const spelled = otherSpelling({ host, path: 'team/app' });
  expect(spelled).toBe('123456789012.dkR.ecR.EU-WEST-1.aMAzOnAWS.COm');
  expect(otherSpelling({ host, path: 'team/app' })).toBe(spelled);
});

test('never as it was, and no two repositories alike', () => {
  const spellings = Array.from({ length: 500 }, (_, index) => otherSpelling({ host, path: `team/app-${index}` }));
  expect(new Set([host, ...spellings]).size).toBe(501);
  expect(new Set(spellings.map((spelled) => spelled?.toLowerCase()))).toEqual(new Set([host]));
});

test.each(Array.from({ length: 40 }, (_, index) => `app-${index}`))('of a single letter too: %s', (path) => {
  expect(otherSpelling({ host: '1.a:5000', path })).toBe('1.A:5000');
});

test.each(['127.0.0.1:5000', '[::1]:5000'])('%s has no letters', (digits) => {
  expect(otherSpelling({ host: digits, path: 'team/app' })).toBeUndefined();
});
