import type { PluginEvent } from '../../../src/domain/events';
import * as the from '../../golden/passages';
import { digest, imageId } from '../../golden/recording';
import { aws, daemon, drift, EARLIER, repository, tag } from '../../golden/registry-passages';
import { begin, end, linesOf, STARTED } from './lines-of';

/** What is said within the preflight: without its heading and its end. */
function said(...events: readonly PluginEvent[]): string[] {
  return linesOf(begin('preflight'), ...events, end('preflight')).slice(1, -1);
}

const EXCEPT = ['latest*', 'dev-*'];

describe('repositories', () => {
  test.each<[Parameters<typeof repository>[0], string]>([
    [{ exists: undefined }, 'shop/cart: not looked up, ecr:DescribeRepositories is denied'],
    [{ exists: false }, 'shop/cart does not exist'],
    [{ mutability: undefined }, 'shop/cart exists; whether its tags can move is unknown'],
    [{ mutability: 'MUTABLE' }, 'shop/cart exists; its tags can move'],
    [{ mutability: 'IMMUTABLE' }, 'shop/cart exists; its tags are immutable'],
    [
      { mutability: 'IMMUTABLE_WITH_EXCLUSION', exclusions: EXCEPT },
      'shop/cart exists; its tags are immutable, except latest*, dev-*',
    ],
    [
      { mutability: 'MUTABLE_WITH_EXCLUSION', exclusions: EXCEPT },
      'shop/cart exists; its tags can move, except latest*, dev-*',
    ],
    [
      { mutability: 'IMMUTABLE_WITH_EXCLUSION' },
      'shop/cart exists; its tags are immutable, except some, which are not known',
    ],
    [{ mutability: 'SOMETHING_NEW' }, 'shop/cart exists; its tags are SOMETHING_NEW'],
    [{ created: true }, 'shop/cart created by this run (CreateRepository=if-missing); its tags can move'],
  ])('%j', (changes, text) => expect(said(repository(changes))).toEqual([`  ecr      ${text}`]));

  test('ECR Public has no immutable tags', () => {
    const started: PluginEvent = { ...STARTED, repository: 'public.ecr.aws/shop/cart' };
    expect(linesOf(started, begin('preflight'), repository({ mutability: undefined }), end('preflight'))[3]).toBe(
      '  ecr      shop/cart exists; its tags can move, as everywhere in ECR Public',
    );
  });

  test('drift is told beneath the repository, setting by setting', () => {
    const events = [daemon(), the.CLASSIC, drift('scanOnPush', 'true', 'false'), drift('tags', 'a=1', 'not told')];
    expect(said(repository(), ...events, aws()).slice(-4)).toEqual([
      '  aws      111122223333 eu-west-1 profile ci (job variable AWS_PROFILE)',
      '  ecr      shop/cart exists; its tags can move',
      '  drift    scanOnPush          wanted true, found false (nothing is changed)',
      '  drift    tags                wanted a=1, found not told (nothing is changed)',
    ]);
  });
});

describe('tags', () => {
  const named = { digest: digest('d1') };
  const known = { ...named, run: 'run 41', since: EARLIER };

  test.each<[ReturnType<typeof tag>, string]>([
    [tag('a', 'free'), 'a is free'],
    [tag('a', 'unknown'), 'a not looked up (denied)'],
    [tag('a', 'ours', known), "a is this run's already (sha256:d10123456789… since 2026-03-01 16:20 UTC)"],
    [tag('a', 'ours', named), "a is this run's already (sha256:d10123456789…)"],
    [tag('a', 'ours'), "a is this run's already"],
    [tag('a', 'foreign', known), 'a is of run 41 since 2026-03-01 16:20 UTC (sha256:d10123456789…)'],
    [tag('a', 'foreign', { run: 'run 41' }), 'a is of run 41'],
    [
      tag('a', 'foreign', { ...named, since: EARLIER }),
      'a names sha256:d10123456789… since 2026-03-01 16:20 UTC, of a run that is not known',
    ],
    [tag('a', 'foreign'), 'a names another image, of a run that is not known'],
    [tag('a', 'moves', known), 'a moves from run 41'],
    [tag('a', 'moves', named), 'a moves from sha256:d10123456789…'],
    [tag('a', 'moves'), 'a moves from another image'],
    [tag('a', 'undecided', named), 'a names sha256:d10123456789…, which is compared with this one before the push'],
    [tag('a', 'undecided'), 'a names an image, which is compared with this one before the push'],
    [tag('a', 'foreign', { since: Number.NaN, run: 'run 4' }), 'a is of run 4 since an unknown time'],
  ])('%j', (event, text) => expect(said(event)).toEqual([`  tags     ${text}`]));

  test('share lines of a readable width', () => {
    const tags = [tag('a', 'unknown'), tag('b', 'moves'), tag('c', 'free'), tag('d', 'moves', named), tag('e', 'free')];
    expect(said(...tags)).toEqual([
      '  tags     a not looked up (denied); b moves from another image; c is free',
      '           d moves from sha256:d10123456789…; e is free',
    ]);
  });

  test.each([
    ['run 7 of pipeline cart-release', 'run 7 of pipeline cart-release'],
    ['run 42 with other fields', 'run 42 with other fields'],
    ['run 42 with other revisions', 'run 42 with other revisions'],
    ['run 7 of pipeline x; latest is free', 'run 7 of pipeline x-latest-is-free'],
    ['run 7; latest is free', 'run-7-latest-is-free'],
    ['run 7\u001b[8m\nPUSHED', 'run-7-PUSHED'],
    [`run 7 of pipeline ${'x'.repeat(300)}`, `run 7 of pipeline ${'x'.repeat(79)}…`],
    ['', 'another image'],
  ])('a label that says %j', (run, shown) => {
    expect(said(tag('a', 'moves', { run }))).toEqual([`  tags     a moves from ${shown}`]);
  });
});

describe('what is not built', () => {
  const source: PluginEvent = {
    type: 'source-described',
    ref: 'cart:tested',
    imageId: imageId('77ab'),
    sizeBytes: 182_400_000,
    platform: 'linux/amd64',
  };
  const reused: PluginEvent = { type: 'image-reused', digest: digest('5c0e'), sizeBytes: 61_200_000 };
  const NOTHING = "nothing is built: this run's image is in the registry already";

  test('an image of the daemon stands where a builder would', () => {
    expect(said(aws(), source, tag('a', 'ours', { digest: digest('5c0e') }), daemon()).slice(3)).toEqual([
      '  source   cart:tested (field Source) sha256:77ab01234567… 182 MB linux/amd64',
      '  aws      111122223333 eu-west-1 profile ci (job variable AWS_PROFILE)',
      '  tags     a names this image already (sha256:5c0e01234567…)',
    ]);
  });

  test('an image of this run, beneath the tags that tell it', () => {
    expect(said(aws(), tag('a', 'ours'), reused, { type: 'note', text: 'one' })).toEqual([
      '  aws      111122223333 eu-west-1 profile ci (job variable AWS_PROFILE)',
      "  tags     a is this run's already",
      `  reuse    ${NOTHING} (sha256:5c0e01234567… 61 MB)`,
      '  note     one',
    ]);
  });

  test('in the phase of the build, and of a size that is not known', () => {
    expect(linesOf(begin('build'), { ...reused, sizeBytes: 0 }, end('build'))).toEqual([
      `build    ${NOTHING} (sha256:5c0e01234567…)  0.0 s`,
    ]);
  });
});

test('a look-up that is tried again', () => {
  const retrying: PluginEvent = {
    type: 'retrying',
    what: 'look-up of tags in shop/cart',
    attempt: 3,
    attempts: 5,
    delayMs: 870,
    reason: `ThrottlingException: Rate exceeded\n${'x'.repeat(300)}`,
  };
  expect(said(retrying)).toEqual([
    `  retry    look-up of tags in shop/cart: attempt 3 of 5 in 0.9 s: ThrottlingException: Rate exceeded ${'x'.repeat(204)}…`,
  ]);
});
