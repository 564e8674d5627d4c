import fc from 'fast-check';
import { lineFrame, responseFrame } from '../../../src/protocol/frames';

describe('frames', () => {
  it('are one line of JSON each', () => {
    expect(lineFrame('  ok 0.8 s')).toBe('{"line":"  ok 0.8 s"}\n');
    expect(responseFrame({ success: false, message: 'PUSH_DENIED: no' })).toBe(
      '{"response":{"success":false,"message":"PUSH_DENIED: no"}}\n',
    );
  });

  it('show a line break inside a line', () => {
    expect(lineFrame('a\r\n&1|12:00:00.000 b\rc')).toBe('{"line":"a\\\\r\\\\n&1|12:00:00.000 b\\\\rc"}\n');
  });

  it('keep text that looks like a response inside its line', () => {
    const forged = '{"response":{"success":true,"message":"ok"}}';
    expect(JSON.parse(lineFrame(forged))).toEqual({ line: forged });
  });

  it('hold any text, lone surrogates too, in exactly one line that is valid UTF-8', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
        (text) => {
          const frame = lineFrame(text);
          expect(frame.indexOf('\n')).toBe(frame.length - 1);
          expect(Buffer.from(frame, 'utf8').toString('utf8')).toBe(frame);
          expect((JSON.parse(frame) as { line: string }).line).toBe(
            text.replaceAll('\r', '\\r').replaceAll('\n', '\\n'),
          );
        },
      ),
    );
  });
});
