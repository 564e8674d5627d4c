import { parseArgName } from '../../../src/config/grammar';
import { itemsOf, splitPair } from '../../../src/config/items';
import { Reading } from '../../../src/config/reading';

const asItIs = (text: string): string => text;

function reading(fields: Record<string, string>, variables?: Record<string, string>): Reading {
  const map = new Map(Object.entries(fields));
  return variables ? new Reading(map, { variables: new Map(Object.entries(variables)) }) : new Reading(map);
}

describe('items', () => {
  test.each([
    ['tags', 'a, b\nc ,,\r\n\r\n d', ['a', 'b', 'c', 'd']],
    ['tags', '${X:-a,b}, $${c,d}', ['${X:-a,b}', '$${c', 'd}']],
    ['lines', ' a \r\n\n b,c \rd', ['a', 'b,c', 'd']],
    ['pairs', '  A= x \nB', ['A= x ', 'B']],
    ['text', '  x  ', ['x']],
    ['text', ' \n ', []],
    ['boolean', 'true', ['true']],
  ] as const)('of %s %j are %j', (kind, text, items) => {
    expect(itemsOf(kind, text)).toEqual(items);
  });

  test.each([
    ['A=b', 'A', 'b'],
    ['A', 'A', undefined],
    ['A=', 'A', ''],
    ['A=b=c "d" ', 'A', 'b=c "d" '],
    ['${X:-a=b}=c', '${X:-a=b}', 'c'],
    ['A=${X:-a=b}', 'A', '${X:-a=b}'],
    ['A =b', 'A', 'b'],
  ])('%j splits at its first =', (item, key, value) => {
    expect(splitPair(item)).toEqual({ key, value });
  });
});

describe('splitting comes before expanding', () => {
  test('a branch with a comma or a newline is one tag, never two', () => {
    const comma = reading({ Tags: '${B}\nx' }, { B: 'pr-1,prod' });
    expect(comma.many('Tags', asItIs).map(({ value }) => value)).toEqual(['pr-1,prod', 'x']);
    const line = reading({ Tags: '${B},x' }, { B: 'pr-1\nprod' });
    expect(line.many('Tags', asItIs).map(({ value }) => value)).toEqual(['x']);
    expect(line.problems).toEqual([{ field: 'Tags', message: '"${B}" holds a line break (U+000A)' }]);
  });

  test('a variable makes no second build argument and no other key', () => {
    const pairs = reading({ BuildArgs: 'A=${V}\nB=1' }, { V: 'x\nC=2=3' }).pairs('BuildArgs', parseArgName);
    expect(pairs.map(({ key, value }) => [key.text, value?.text])).toEqual([
      ['A', 'x\nC=2=3'],
      ['B', '1'],
    ]);
    const key = reading({ BuildArgs: '${K}=1' }, { K: 'A=2' });
    expect(key.pairs('BuildArgs', parseArgName)).toEqual([]);
    expect(key.problems).toEqual([
      {
        field: 'BuildArgs',
        message:
          '"A=2" (from "${K}") is not the name of a build argument: letters, digits and `_`, not beginning with a digit',
      },
    ]);
  });
});

describe('control characters', () => {
  test.each([
    ['\u0000', 'the control character U+0000'],
    ['\t', 'the control character U+0009'],
    ['\n', 'a line break (U+000A)'],
    ['\r', 'a line break (U+000D)'],
    ['\u001b', 'the control character U+001B'],
    ['\u007f', 'the control character U+007F'],
    ['\u0085', 'the control character U+0085'],
    ['\u2028', 'the control character U+2028'],
  ])('%j is refused, expanded or typed', (letter, name) => {
    const expanded = reading({ Target: '${X}' }, { X: `a${letter}b` });
    expect(expanded.one('Target', asItIs)).toBeUndefined();
    expect(expanded.problems).toEqual([{ field: 'Target', message: `"\${X}" holds ${name}` }]);
    const typed = reading({ Target: `a${letter}b` });
    expect(typed.one('Target', asItIs)).toBeUndefined();
    const shown = `"a\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}b"`;
    expect(typed.problems).toEqual([{ field: 'Target', message: `${shown} holds ${name}` }]);
  });

  test('tabs and lines may be in the values of build arguments and labels, nothing else may', () => {
    const good = reading({ BuildArgs: 'A=${X}' }, { X: 'a\tb\nc' });
    expect(good.pairs('BuildArgs', parseArgName)[0]?.value?.text).toBe('a\tb\nc');
    const bad = reading({ Labels: 'A=${X}' }, { X: 'a\r\nb' });
    expect(bad.pairs('Labels', asItIs)).toEqual([]);
    expect(bad.problems).toEqual([{ field: 'Labels', message: '"${X}" holds a line break (U+000D)' }]);
  });
});

describe('blank and unknown', () => {
  test('a blank field has its default, also where an expansion leaves nothing, which is told', () => {
    expect(reading({}, {}).one('Mode', asItIs)?.value).toBe('push');
    const empty = reading({ Mode: '${X:-}' }, {});
    expect(empty.one('Mode', asItIs)?.value).toBe('push');
    expect(empty.notes).toEqual(['Mode: "${X:-}" is empty and is left out']);
  });

  test('an empty item is left out and told', () => {
    const tags = reading({ Tags: 'a,${X},b' }, { X: ' ' });
    expect(tags.many('Tags', asItIs).map(({ value }) => value)).toEqual(['a', 'b']);
    expect(tags.notes).toEqual(['Tags: "${X}" is empty and is left out']);
  });

  test('before anything is known, expressions and parameters are left unread, and their grammar is checked', () => {
    const tags = reading({ Tags: '#{p},${X},${Y:-#{q}},##1,$${z}', Target: '##{x}' });
    expect(tags.many('Tags', asItIs).map(({ value }) => value)).toEqual(['#1', '${z}']);
    expect(tags.one('Target', asItIs)?.value).toBe('#{x}');
    expect(tags.problems).toEqual([]);
    const broken = reading({ Tags: '${Y' });
    expect(broken.many('Tags', asItIs)).toEqual([]);
    expect(broken.problems).toEqual([
      { field: 'Tags', message: '"${Y" has no closing brace; a literal ${ is written $${' },
    ]);
  });
});
