import type { TagFound } from '../../../src/domain/events';
import type { Plan } from '../../../src/domain/plan';
import { needsProof, stateOf, type Found } from '../../../src/pipeline/steps/tags/tag-state';

type Existing = Plan['existingTag'];
const DENIED: Found = { kind: 'denied' };
const NOTHING: Found = { kind: 'nothing' };
const OURS: Found = { kind: 'image', ours: true };
const OTHER: Found = { kind: 'image', ours: false };
const OPEN: Found = { kind: 'image', ours: undefined };

const identity = { floating: false, fixed: false };
const fixed = { floating: false, fixed: true };
const floating = { floating: true, fixed: false };
const fixedFloating = { floating: true, fixed: true };

test.each<[Existing, typeof identity, [TagFound, TagFound, TagFound, TagFound, TagFound]]>([
  // denied, nothing, this run's, another's, cannot be told
  ['reuse', identity, ['unknown', 'free', 'ours', 'foreign', 'undecided']],
  ['reuse', fixed, ['unknown', 'free', 'ours', 'foreign', 'undecided']],
  ['reuse', floating, ['unknown', 'free', 'moves', 'moves', 'moves']],
  ['reuse', fixedFloating, ['unknown', 'free', 'ours', 'foreign', 'undecided']],
  ['overwrite', identity, ['unknown', 'free', 'moves', 'moves', 'moves']],
  ['overwrite', fixed, ['unknown', 'free', 'ours', 'foreign', 'undecided']],
  ['overwrite', floating, ['unknown', 'free', 'moves', 'moves', 'moves']],
  ['overwrite', fixedFloating, ['unknown', 'free', 'ours', 'foreign', 'undecided']],
  ['fail', identity, ['unknown', 'free', 'foreign', 'foreign', 'foreign']],
  ['fail', fixed, ['unknown', 'free', 'foreign', 'foreign', 'foreign']],
  ['fail', floating, ['unknown', 'free', 'moves', 'moves', 'moves']],
  ['fail', fixedFloating, ['unknown', 'free', 'ours', 'foreign', 'undecided']],
])('ExistingTag=%s, %j', (existing, rules, expected) => {
  expect([DENIED, NOTHING, OURS, OTHER, OPEN].map((found) => stateOf(found, rules, existing))).toEqual(expected);
});

test.each<[Existing, readonly boolean[]]>([
  ['reuse', [true, true, false, true]],
  ['overwrite', [false, true, false, true]],
  ['fail', [false, false, false, true]],
])('whose image it is is asked only where it matters: %s', (existing, expected) => {
  const all = [identity, fixed, floating, fixedFloating];
  expect(all.map((rules) => needsProof(rules, existing))).toEqual(expected);
});
