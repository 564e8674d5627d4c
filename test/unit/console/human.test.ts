import { bytes, count, duration, moment, plural, span } from '../../../src/console/human';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [1_234_567, '1.2 MB'],
  [9_949_999, '9.9 MB'],
  [9_950_000, '10 MB'],
  [61_300_000, '61 MB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [182_400_000_000, '182 GB'],
  [5_000_000_000_000_000, '5000 TB'],
])('%d bytes are %s', (value, text) => expect(bytes(value)).toBe(text));

test.each([
  [-5, '0.0 s'],
  [49, '0.0 s'],
  [340, '0.3 s'],
  [59_949, '59.9 s'],
  [59_950, '1 m'],
  [125_400, '2 m 5 s'],
  [3_599_600, '1 h'],
  [43_140_000, '11 h 59 m'],
  [100 * 3_600_000, '100 h'],
])('%d ms are %s', (ms, text) => expect(duration(ms)).toBe(text));

test('a span of time is round', () => {
  expect([span(30_000), span(60_000), span(90_000), span(1_800_000)]).toEqual(['30 s', '1 m', '1 m 30 s', '30 m']);
});

test('counts have thousands', () => {
  expect([count(7), count(1_000), count(50_000), count(1_234_567)]).toEqual(['7', '1,000', '50,000', '1,234,567']);
  expect([plural(1, 'layer'), plural(0, 'layer'), plural(4_120, 'file')]).toEqual([
    '1 layer',
    '0 layers',
    '4,120 files',
  ]);
});

test.each([
  [Date.parse('2026-03-01T16:20:59.999Z'), '2026-03-01 16:20 UTC'],
  [0, '1970-01-01 00:00 UTC'],
  [Number.POSITIVE_INFINITY, 'an unknown time'],
])('%d is %s', (ms, text) => expect(moment(ms)).toBe(text));
