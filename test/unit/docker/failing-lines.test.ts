import { BuildFailure, BuildStream } from '../../../src/docker/classic/build-stream';
import { excerptOfFailure } from '../../../src/docker/classic/failing-lines';
import { parseMessage } from '../../../src/docker/message-stream';
import { recorded } from './recorded';

const DOCKERFILE = 'ARG V=1\nFROM lab/base:${V} AS a\n# why\nRUN one && \\\n    two\nCOPY x /x\n';

function failing(failure: BuildFailure, dockerfile = DOCKERFILE): readonly string[] | undefined {
  const event = excerptOfFailure(failure, dockerfile, 'docker/Dockerfile');
  if (event?.type !== 'dockerfile-excerpt') return undefined;
  return event.lines.filter((line) => line.failing).map(({ number, text }) => `${number} ${text}`);
}

test('every instruction is a step', () => {
  expect(failing(new BuildFailure('no', 3))).toEqual(['4 RUN one && \\', '5     two']);
  expect(failing(new BuildFailure('no', 4))).toEqual(['6 COPY x /x']);
});

test('a parse error names its line', () => {
  expect(failing(new BuildFailure('dockerfile parse error line 6: Unknown flag: x'))).toEqual(['6 COPY x /x']);
  expect(failing(new BuildFailure('dockerfile parse error on line 2: no'))).toEqual(['2 FROM lab/base:${V} AS a']);
});

test.each([
  ['before the first step', new BuildFailure('no'), DOCKERFILE],
  ['our labels come after the last', new BuildFailure('no', 5), DOCKERFILE],
  ['a language that the scanner does not know', new BuildFailure('no', 1), 'NEW x\n'],
])('none: %s', (_, failure, dockerfile) => {
  expect(failing(failure, dockerfile)).toBeUndefined();
});

test.each(['20.10', '29'])('Engine %s: the stream knows the step', (engine) => {
  const stream = new BuildStream(() => undefined);
  const lines = recorded(`build-failing-${engine}`).toString().trim().split('\n');
  let failure: unknown;
  try {
    for (const line of lines) stream.take(parseMessage(line.trim())!);
  } catch (error) {
    failure = error;
  }
  expect(failure).toMatchObject({ step: 2 });
});
