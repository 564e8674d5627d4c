import type { PluginEvent } from '../../../src/domain/events';
import type { BuildResult, PushedTag } from '../../../src/domain/outcome';
import * as the from '../../golden/passages';
import { digest, ENDPOINT, HOST, imageId, pushedTag, RESULT, tagged } from '../../golden/recording';
import { inOther, OTHER, tag, target } from '../../golden/registry-passages';
import { begin, end, linesOf, STARTED } from './lines-of';

const NAME = `${HOST}/shop/cart@${digest('5c0e')}`;

/** The closing block of a run that has pushed. */
function block(pushed: readonly PushedTag[], result: BuildResult, ...before: readonly PluginEvent[]): string[] {
  const lines = linesOf(STARTED, ...before, { type: 'ended', outcome: { kind: 'pushed', result, pushed }, files: [] });
  return lines.slice(lines.findIndex((line) => /^(?:PUSHED|PRESENT) /.test(line)));
}

/** Of tags, only how each came to be what it is. */
function history(pushed: readonly PushedTag[], ...before: readonly PluginEvent[]): string[] {
  return block(pushed, RESULT, ...before).filter((line) => /^ {2}(?:tags {5}| {9})\S* {2}/.test(line));
}

test('images of different digests are told apart, and what is not known is not told', () => {
  const pushed = [
    pushedTag('a'),
    pushedTag('bb', digest('aa10')),
    { ...pushedTag('c'), ref: tagged('c'), digest: digest('ffff') },
  ];
  const bases = [
    { ref: 'scratchy:1', digest: undefined, imageId: undefined },
    { ref: 'imported:1', digest: undefined, imageId: imageId('7777') },
  ];
  expect(block(pushed, { ...RESULT, bases })).toEqual([
    `PUSHED ${NAME}`,
    '  tags     a',
    `           bb  moved from ${digest('aa10')}`,
    `PUSHED ${HOST}/shop/cart@${digest('ffff')}`,
    '  tags     c',
    `  image    ${RESULT.imageId}`,
    `           182 MB, linux/amd64, by the classic builder on ${ENDPOINT}`,
    '  bases    scratchy:1',
    `           imported:1 (image ${imageId('7777')}, never pulled)`,
    '0.0 s',
  ]);
});

test.each<[Parameters<typeof pushedTag>, PluginEvent[], string]>([
  [['a'], [tag('a', 'free')], 'new'],
  [['a'], [tag('a', 'unknown')], ''],
  [['a', undefined, { how: 'put' }], [tag('a', 'free')], 'new, put beside it'],
  [['a', undefined, { how: 'put' }], [], 'put beside it'],
  [
    ['a', digest('aa10'), { how: 'put' }],
    [tag('a', 'moves', { run: 'run 41' })],
    `moved from ${digest('aa10')} (run 41)`,
  ],
  [['a', digest('5c0e'), { how: 'pushed' }], [], 'named this image before'],
  [['a', undefined, { how: 'present' }], [tag('a', 'ours')], 'there already'],
])('%j', (pushed, before, text) => {
  expect(block([pushedTag(...pushed), pushedTag('other')], RESULT, begin('preflight'), ...before)[1]).toBe(
    `  tags     a      ${text}`.trimEnd(),
  );
});

test('a tag that was left stands beneath the image that it was to name, wherever it was put in', () => {
  const left = pushedTag('latest', digest('cc30'), { how: 'left', digest: digest('cc30') });
  const told: PluginEvent = { type: 'tag-pushed', ...left, run: 'run 43' };
  const lines = history([left, pushedTag('1.42')], told);
  expect(lines).toEqual([
    '           latest  left at run 43, which is later (sha256:cc300123456789abcdef0123456789abcdef0123456789abcdef0123456789ab)',
  ]);
  expect(block([left, pushedTag('1.42')], RESULT)[2]).toBe(
    `           latest  left at the image of a later run (${digest('cc30')})`,
  );
});

test('where nothing was put, nothing was pushed', () => {
  expect(block([pushedTag('a', digest('5c0e'))], RESULT).slice(0, 2)).toEqual([
    `PRESENT ${NAME}`,
    '  tags     a  there already',
  ]);
});

test('each target has a heading, and knows what its own tags were', () => {
  const pushed = [pushedTag('a'), inOther(pushedTag('a', digest('aa10')))];
  const before = [
    begin('preflight'),
    target(`${HOST}/shop/cart`, 1),
    tag('a', 'free'),
    target('shop/cart', 2), // the host is known when its repository was looked up
    tag('a', 'moves', { run: 'run 41' }),
    end('preflight'),
  ];
  expect(block(pushed, RESULT, ...before).slice(0, 4)).toEqual([
    `PUSHED ${NAME}`,
    '  tags     a  new',
    `PUSHED ${OTHER}@${digest('5c0e')}`,
    `  tags     a  moved from ${digest('aa10')} (run 41)`,
  ]);
});

test.each<[Partial<BuildResult>, string[]]>([
  [
    { from: 'registry', imageId: undefined, sizeBytes: 61_200_000, builder: undefined, daemon: undefined },
    ['  image    61 MB, linux/amd64, from the registry: an earlier attempt of this run has built it'],
  ],
  [
    { from: 'registry', imageId: undefined, sizeBytes: 0, platform: undefined, builder: undefined, daemon: undefined },
    ['  image    from the registry: an earlier attempt of this run has built it'],
  ],
  [
    { from: 'source', builder: undefined },
    [`  image    ${RESULT.imageId}`, `           182 MB, linux/amd64, field Source on ${ENDPOINT}`],
  ],
  [
    { builder: undefined },
    [`  image    ${RESULT.imageId}`, `           182 MB, linux/amd64, by a builder that is not known on ${ENDPOINT}`],
  ],
])('%j', (changes, rows) => {
  const lines = block([pushedTag('a')], { ...RESULT, bases: [], ...changes });
  expect(lines.slice(2, -1)).toEqual(rows);
});

describe('the closing line of the push', () => {
  const push = (...events: readonly PluginEvent[]): string => {
    return linesOf(begin('push'), ...events, end('push'))
      .at(-1)!
      .replace(/ +0\.0 s$/, '');
  };

  test.each<[PluginEvent[], string]>([
    [[the.tagPushed('a'), the.tagPushed('b')], 'push     2 tags'],
    [[the.tagPushed('a', digest('5c0e'))], 'push     1 tag there already'],
    [[the.tagPushed('a', undefined, { how: 'put' })], 'push     1 tag put beside it'],
    [
      [
        the.tagPushed('a', undefined, { how: 'left' }),
        the.tagPushed('b', digest('5c0e')),
        the.tagPushed('c', undefined, { how: 'put' }),
        the.tagPushed('d'),
      ],
      'push     4 tags: 1 pushed, 1 put beside it, 1 there already, 1 left alone',
    ],
  ])('%#', (events, line) => expect(push(...events)).toBe(line));
});

test('tags that are told one by one', () => {
  const events = [
    the.tagPushed('a'),
    the.tagPushed('b', undefined, { how: 'put' }),
    the.tagPushed('c', digest('5c0e')),
    the.tagPushed('d', undefined, { how: 'left', digest: digest('cc30'), run: 'run 43' }),
  ];
  expect(linesOf(STARTED, begin('push'), 2_000, ...events).slice(3)).toEqual([
    '  tag a: pushed',
    '  tag b: put beside it',
    '  tag c: there already',
    `  tag d: left at run 43, which is later (${digest('cc30')})`,
  ]);
});

test('a note stands beneath the tags that were there before it', () => {
  const note: PluginEvent = { type: 'note', text: 'the daemon pushes them' };
  expect(linesOf(begin('push'), the.tagPushed('a'), note, the.tagPushed('b'))).toEqual([
    'push',
    '  tag a: pushed',
    '  note     the daemon pushes them',
    '  tag b: pushed',
  ]);
});

test('an image of the daemon is pushed only', () => {
  const phases = ['preflight', 'login', 'push', 'verify', 'cleanup'] as const;
  expect(linesOf({ ...STARTED, phases })[0]).toBe('shop/cart  push only    gocd-ecr-task 1.4.0');
});
