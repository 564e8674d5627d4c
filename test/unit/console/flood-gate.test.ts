import fc from 'fast-check';
import { FloodGate } from '../../../src/console/flood';
import { ours, structure, type HiddenLine, type Line, type TextLine } from '../../../src/console/line';
import { START } from '../../golden/recording';

const CUT = "cut here: GoCD's console would lose them without a word, the raw log has them";

type Passed = Exclude<Line, HiddenLine>;

function output(step: string, text: string): TextLine {
  return { kind: 'text', rank: 'foreign', text, step };
}

test('never more than 5,000 lines in 10 s, and our own are all there', () => {
  const line = fc.oneof(
    { weight: 8, arbitrary: fc.tuple(fc.constantFrom('1', '2', '3'), fc.integer({ min: 1, max: 4_000 })) },
    { weight: 1, arbitrary: fc.constant('structure' as const) },
    { weight: 1, arbitrary: fc.constant('ours' as const) },
    { weight: 1, arbitrary: fc.constant('failed' as const) },
    { weight: 1, arbitrary: fc.constant('ended' as const) },
    { weight: 1, arbitrary: fc.constant('stopped' as const) },
  );
  const stream = fc.array(fc.tuple(line, fc.integer({ min: 0, max: 3_000 })), { maxLength: 60 });
  fc.assert(
    fc.property(stream, (events) => {
      const gate = new FloodGate();
      const printed: number[] = [];
      let at = START;
      let own = 0;
      const pass = (one: Passed): void => {
        for (const text of gate.pass(one, at)) {
          printed.push(at);
          if (text === 'ours') own++;
        }
      };
      for (const [what, pause] of events) {
        at += pause;
        if (what === 'ours') pass(ours('ours'));
        else if (what === 'structure') for (let index = 0; index < 300; index++) pass(structure('step'));
        else if (typeof what === 'string') pass({ kind: 'tail', step: '1', label: '[1/1] RUN', how: what });
        else for (let index = 0; index < what[1]; index++) pass(output(what[0], 'line'));
      }
      printed.push(...gate.rest(at).map(() => at));
      expect(own).toBe(events.filter(([what]) => what === 'ours').length);
      const crowded = printed.filter((time, index) => (printed[index + 5_000] ?? Infinity) < time + 10_000);
      expect(crowded).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

describe('the gate', () => {
  const fill = (gate: FloodGate, lines: number, step = '1'): number => {
    let printed = 0;
    for (let line = 1; line <= lines; line++) printed += gate.pass(output(step, `${step}: ${line}`), START).length;
    return printed;
  };

  test('foreign output has 4,000 lines in 10 s, and the next when there is room for many', () => {
    const gate = new FloodGate();
    expect(fill(gate, 6_000)).toBe(4_000);
    expect(gate.pass(output('1', 'still too early'), START + 10_000)).toEqual([]);
    const resumed = gate.pass(output('1', 'again'), START + 11_000);
    expect(resumed[0]).toBe(`    … 1,801 lines of this step ${CUT}`);
    expect(resumed.slice(1, 3)).toEqual(['1: 5802', '1: 5803']);
    expect(resumed.slice(-2)).toEqual(['still too early', 'again']);
    expect(resumed).toHaveLength(202);
  });

  test('what was stopped does not go on in a trickle', () => {
    const gate = new FloodGate();
    fill(gate, 100);
    for (let line = 0; line < 3_901; line++) gate.pass(output('1', 'x'), START + 5_000);
    expect(gate.pass(output('1', 'there would be room for 100'), START + 11_000)).toEqual([]);
    expect(gate.pass(output('2', 'a step that was not stopped'), START + 11_000)).toHaveLength(1);
  });

  test('structure has room when foreign output has none, and is counted when it has none', () => {
    const gate = new FloodGate();
    fill(gate, 5_000);
    for (let line = 0; line < 500; line++) expect(gate.pass(structure('step'), START)).toEqual(['step']);
    expect(gate.pass(structure('dropped'), START)).toEqual([]);
    expect(gate.pass(ours('the end'), START)).toEqual([`  … 1 line ${CUT}`, 'the end']);
  });

  test('a step that ends well says what was cut, in one line, and shows the end', () => {
    const gate = new FloodGate();
    fill(gate, 4_100);
    const told = gate.pass({ kind: 'tail', step: '1', label: '[1/1] RUN', how: 'ended' }, START);
    expect(told).toHaveLength(21);
    expect([told[0], told[1], told[20]]).toEqual([`    … 80 lines of this step ${CUT}`, '1: 4081', '1: 4100']);
    expect(gate.pass({ kind: 'tail', step: '1', label: '[1/1] RUN', how: 'ended' }, START)).toEqual([]);
  });

  test('a step that fails shows the last 200 lines and nothing twice', () => {
    const gate = new FloodGate();
    fill(gate, 4_500);
    const told = gate.pass({ kind: 'tail', step: '1', label: '[1/1] RUN', how: 'failed' }, START);
    expect(told).toHaveLength(201);
    expect([told[0], told[1], told[200]]).toEqual([`    … 300 lines of this step ${CUT}`, '1: 4301', '1: 4500']);
    const short = new FloodGate();
    fill(short, 30);
    expect(short.pass({ kind: 'tail', step: '1', label: '[1/1] RUN', how: 'failed' }, START)).toEqual([]);
  });

  test('the end of a failed step is repeated when other output has carried it away', () => {
    const gate = new FloodGate();
    fill(gate, 25, '1');
    fill(gate, 41, '2');
    const told = gate.pass({ kind: 'tail', step: '1', label: '[3/5] RUN npm test', how: 'failed' }, START);
    expect(told).toHaveLength(21);
    expect(told.slice(0, 2)).toEqual(['    the end of [3/5] RUN npm test once more:', '1: 6']);
    expect(told.at(-1)).toBe('1: 25');
  });

  test('of a step that another failure stopped only the number of lines that were cut is told', () => {
    const gate = new FloodGate();
    fill(gate, 4_500);
    expect(gate.pass({ kind: 'tail', step: '1', label: '[1/1] RUN', how: 'stopped' }, START)).toEqual([
      `    … 500 lines of this step ${CUT}`,
    ]);
    fill(gate, 1, '2');
    expect(gate.pass({ kind: 'tail', step: '2', label: '[1/1] RUN', how: 'stopped' }, START)).toHaveLength(1);
    expect(gate.pass({ kind: 'tail', step: '3', label: '[1/1] RUN', how: 'stopped' }, START)).toEqual([]);
  });

  test('where steps run side by side, a notice says whose lines were cut', () => {
    const gate = new FloodGate();
    for (let line = 0; line < 4_300; line++) gate.pass({ ...output('1', 'x'), beside: '[build 2/5]' }, START);
    const told = gate.pass({ kind: 'tail', step: '1', label: '[build 2/5] RUN', how: 'ended' }, START);
    expect(told[0]).toBe(`    … 280 lines of [build 2/5] ${CUT}`);
  });

  test('of very many steps at once, the one that was quiet longest is told and let go', () => {
    const gate = new FloodGate();
    fill(gate, 4_000, '1');
    for (let step = 1; step <= 32; step++) fill(gate, 2, String(step));
    expect(gate.pass(output('33', 'x'), START + 1)).toEqual(['2: 1', '2: 2']);
    expect(gate.pass({ kind: 'tail', step: '2', label: '[1/1] RUN', how: 'failed' }, START)).toEqual([]);
  });

  test('what is held back when all ends is told', () => {
    const gate = new FloodGate();
    fill(gate, 4_002);
    expect(gate.rest(START + 20_000)).toEqual(['1: 4001', '1: 4002']);
    expect(gate.rest(START + 20_000)).toEqual([]);
  });
});
