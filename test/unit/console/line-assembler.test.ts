import fc from 'fast-check';
import { KEEP, KEEP_IN_ALL, LineAssembler } from '../../../src/console/line-assembler';

function texts(chunks: readonly string[]): string[] {
  const assembler = new LineAssembler();
  const lines = chunks.flatMap((chunk) => assembler.push('1', chunk));
  return [...lines, ...assembler.flush('1')].map(({ text }) => text);
}

test.each([
  [['one\ntwo\n'], ['one', 'two']],
  [
    ['o', 'n', 'e\n', 'tw', 'o'],
    ['one', 'two'],
  ],
  [['\n\nx\n'], ['', '', 'x']],
  [['windows\r\nlines\r\n'], ['windows', 'lines']],
  [
    ['windows\r', '\nlines\r', '\n'],
    ['windows', 'lines'],
  ],
  [['10%\r20%\r30%\n'], ['30%']],
  [['10%\r', '20%\r', '30%\r'], ['30%']],
  [['100%\r', '     \r', '\n'], ['100%']],
  [['a\rb', 'c\rd', 'e\n'], ['de']],
  [['\r\r\n'], ['']],
  [[''], []],
])('%j gives %j', (chunks, lines) => expect(texts(chunks)).toEqual(lines));

test('sources do not mix', () => {
  const assembler = new LineAssembler();
  expect(assembler.push('1', 'from one, ')).toEqual([]);
  expect(assembler.push('2', 'from two\n')).toEqual([{ text: 'from two', lost: 0 }]);
  expect(assembler.push('1', 'whole\n')).toEqual([{ text: 'from one, whole', lost: 0 }]);
  expect(assembler.sources()).toEqual([]);
  expect([assembler.push('1', 'more'), assembler.push('2', 'a state\r')]).toEqual([[], []]);
  expect(assembler.sources()).toEqual(['1', '2']);
  expect(['1', '2', '3'].map((id) => assembler.flush(id))).toEqual([
    [{ text: 'more', lost: 0 }],
    [{ text: 'a state', lost: 0 }],
    [],
  ]);
  expect(assembler.sources()).toEqual([]);
});

test('however a text is cut into chunks, its lines are the same', () => {
  const text = fc.array(fc.constantFrom('a', 'bc', '\r', '\n', '\r\n', ' ')).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, fc.array(fc.nat(40)), (whole, cuts) => {
      const places = [0, ...cuts.filter((at) => at < whole.length).sort((a, b) => a - b), whole.length];
      const chunks = places.slice(1).map((end, index) => whole.slice(places[index], end));
      expect(texts(chunks)).toEqual(texts([whole]));
    }),
  );
});

test('an endless line is kept as far as memory allows, and counted', () => {
  const assembler = new LineAssembler();
  const chunk = 'x'.repeat(100_000);
  for (let sent = 0; sent < 30; sent++) expect(assembler.push('1', chunk)).toEqual([]);
  const [line] = assembler.push('1', '\n');
  expect(line?.text.length).toBe(KEEP);
  expect(line?.lost).toBe(3_000_000 - KEEP);
  expect(assembler.push('1', 'next\n')).toEqual([{ text: 'next', lost: 0 }]);
});

test('an endless line that is rewritten is a short one', () => {
  const assembler = new LineAssembler();
  assembler.push('1', 'x'.repeat(KEEP + 5));
  expect(assembler.push('1', '\rdone\n')).toEqual([{ text: 'done', lost: 0 }]);
});

test('endless lines of many sources together are kept as far as memory allows, and counted', () => {
  const assembler = new LineAssembler();
  const ids = Array.from({ length: 100 }, (_, index) => String(index));
  for (const id of ids) assembler.push(id, 'x'.repeat(KEEP - 100));
  const kept = ids.map((id) => assembler.push(id, 'y\n')[0]!);
  const whole = KEEP_IN_ALL / KEEP;
  // The last line of those that fit was at the brim when the first was looked at.
  expect(kept[0]).toEqual({ text: 'x'.repeat(KEEP - 100), lost: 1 });
  const others = kept.slice(1, whole);
  expect(others.every(({ text, lost }) => text.length === KEEP - 99 && lost === 0)).toBe(true);
  expect(kept[whole]).toEqual({ text: 'x'.repeat(1_600), lost: KEEP - 1_700 + 1 });
  expect(kept.at(-1)).toEqual({ text: '', lost: KEEP - 99 });
  expect(assembler.push('0', 'there is room again\n')).toEqual([{ text: 'there is room again', lost: 0 }]);
});
