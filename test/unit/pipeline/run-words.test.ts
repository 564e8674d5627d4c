import type { RunMark } from '../../../src/domain/run-label';
import { runWords } from '../../../src/pipeline/steps/tags/run-words';

const own: RunMark = { pipeline: 'cart', counter: '42', revision: 'a', fields: 'f' };

test.each<[string, Partial<RunMark> | undefined, string | undefined]>([
  ['an earlier run', { counter: '41' }, 'run 41'],
  ['this run', {}, 'run 42'],
  ['another attempt with other fields', { fields: 'g' }, 'run 42 with other fields'],
  ['another attempt of other revisions', { revision: 'b' }, 'run 42 with other revisions'],
  ['another pipeline', { pipeline: 'cart-release', counter: '7' }, 'run 7 of pipeline cart-release'],
  ['no label', undefined, undefined],
  ['a label without a run', { pipeline: '', counter: '' }, undefined],
  ['a counter that is none', { counter: '41\u001b[31m' }, undefined],
  ['a name that is none', { pipeline: 'cart\nsuccess', counter: '1' }, undefined],
  ['a name without an end', { pipeline: 'x'.repeat(256), counter: '1' }, undefined],
])('%s', (_what, change, words) => {
  expect(runWords(change && { ...own, ...change }, own)).toBe(words);
});
