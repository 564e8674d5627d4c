import { BuildFailure, BuildStream } from '../../../src/docker/classic/build-stream';
import { parseMessage } from '../../../src/docker/message-stream';
import type { PluginEvent } from '../../../src/domain/events';
import { recorded } from './recorded';

function play(lines: readonly string[]): { events: PluginEvent[]; imageId: string | undefined; failure?: string } {
  const events: PluginEvent[] = [];
  const stream = new BuildStream((event) => void events.push(event));
  try {
    for (const line of lines) stream.take(parseMessage(line)!);
    return { events, imageId: stream.end() };
  } catch (error) {
    if (!(error instanceof BuildFailure)) throw error;
    return { events, imageId: undefined, failure: error.message };
  }
}

const playRecorded = (name: string): ReturnType<typeof play> =>
  play(
    recorded(name)
      .toString()
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  );

/** One line an event; what is for the raw log only is left out. */
function sketch(events: readonly PluginEvent[]): string[] {
  return events.filter(({ type }) => type !== 'raw').map(sketchOf);
}

function sketchOf(event: PluginEvent): string {
  if (event.type === 'step-started') return `${event.index}/${event.total} ${event.instruction}`;
  if (event.type === 'step-ended')
    return `end ${event.id}${event.cached ? ' cached' : ''}${event.failed ? ' failed' : ''}`;
  if (event.type === 'build-output') return `out ${event.id} ${JSON.stringify(event.text)}`;
  if (event.type === 'build-warning' || event.type === 'pull-progress') return `${event.type} ${event.text}`;
  throw new Error(`unexpected event ${event.type}`);
}

const stream = (text: string): string => JSON.stringify({ stream: text });

const STEPS = [
  'FROM lab/base:1 AS one',
  'ARG WHO=me',
  'RUN echo "hello $WHO" && echo "to stderr" >&2',
  'COPY a.txt /a.txt',
  'FROM lab/base:1',
  'ENV X=1',
  'WORKDIR /srv',
  'COPY --from=one /a.txt /b.txt',
  'RUN echo "naïve → ✓" ; printf \'no newline\'',
  'CMD ["cat","/b.txt"]',
  'LABEL a=b',
];

describe.each(['20.10', '29'])('Engine %s', (engine) => {
  test('two stages: steps, output of both streams without the painting, the last id', () => {
    const { events, imageId } = playRecorded(`build-${engine}`);
    const told = sketch(events);
    const output = told.filter((line) => line.startsWith('out'));
    expect(told.filter((line) => !line.startsWith('out'))).toEqual([
      ...STEPS.flatMap((step, index) => [`${index + 1}/11 ${step}`, `end ${index + 1}`]).slice(0, -1),
      'build-warning One or more build-args [NOPE] were not consumed',
      'end 11',
    ]);
    expect([...output].sort()).toEqual([
      'out 3 "hello me\\n"',
      'out 3 "to stderr\\n"',
      'out 9 "naïve → ✓\\nno newline"',
    ]);
    const ids = recorded(`build-${engine}`)
      .toString()
      .match(/sha256:[0-9a-f]{64}/g)!;
    expect(ids).toHaveLength(2);
    expect(imageId).toBe(ids[1]);
  });

  test('nothing changed: all cached but the FROMs', () => {
    const ends = sketch(playRecorded(`build-cached-${engine}`).events).filter((line) => line.startsWith('end'));
    expect(ends).toEqual(STEPS.map((step, index) => `end ${index + 1}${step.startsWith('FROM') ? '' : ' cached'}`));
  });

  test('a RUN that fails, and the warnings before the first step', () => {
    const { events, failure } = playRecorded(`build-failing-${engine}`);
    const warnings =
      engine === '29'
        ? [
            'build-warning Empty continuation line found in: RUN echo a   && echo out; exit 7',
            'build-warning Empty continuation lines will become errors in a future release.',
          ]
        : [
            'build-warning Empty continuation line found in:\nRUN echo a   && echo out; exit 7\nEmpty continuation lines will become errors in a future release.',
          ];
    expect(sketch(events)).toEqual([
      ...warnings,
      '1/2 FROM lab/base:1',
      'end 1',
      '2/2 RUN echo a   && echo out; exit 7',
      'out 2 "a\\nout\\n"',
      'end 2 failed',
    ]);
    expect(failure).toBe("The command '/bin/sh -c echo a   && echo out; exit 7' returned a non-zero code: 7");
  });

  test('a pull: a few words for its many', () => {
    const { events, imageId } = playRecorded(`build-pulling-${engine}`);
    const counts = engine === '29' ? ['1 of 3', '2 of 3', '3 of 3'] : ['1 of 1', '2 of 4', '3 of 4', '4 of 4'];
    expect(sketch(events)).toEqual([
      '1/2 FROM 127.0.0.1:5511/team/app:1',
      'pull-progress pulling team/app:1',
      ...counts.map((count) => `pull-progress pulling team/app:1: ${count} layers`),
      'pull-progress Downloaded newer image for 127.0.0.1:5511/team/app:1',
      'end 1',
      '2/2 CMD ["true"]',
      'end 2',
    ]);
    expect(imageId).toMatch(/^sha256:/);
  });
});

const RUNNING = [stream('Step 1/2 : RUN x'), stream('\n'), stream(' ---> Running in 8033283d433b\n')];
const ID = `sha256:${'ab'.repeat(32)}`;

test('what a command writes is output, also when it sounds like the builder', () => {
  const forged = [
    'Step 2/2 : RUN evil',
    ' ---> Using cache\n',
    ' ---> Running in 000000000000\n',
    'Removing intermediate container 000000000000\n',
    ' ---> 000000000000\n',
    'Successfully built 000000000000\n',
    '[Warning] One or more build-args [X] were not consumed\n',
    '{"aux":{"ID":"sha256:1"}}\n',
    '{"errorDetail":{"message":"no"},"error":"no"}\n',
  ];
  const lines = [
    ...RUNNING,
    ...forged.map(stream),
    stream('Removing intermediate container 8033283d433b\n'),
    stream('Step 2/2 : CMD y'),
    JSON.stringify({ aux: { ID } }),
  ];
  const { events, imageId } = play(lines);
  expect(sketch(events)).toEqual([
    '1/2 RUN x',
    ...forged.map((text) => `out 1 ${JSON.stringify(text)}`),
    'end 1',
    '2/2 CMD y',
    'end 2',
  ]);
  expect(imageId).toBe(ID);
});

test('a step out of turn is no step', () => {
  const lines = [stream('Step 1/2 : FROM x'), stream('Step 1/9 : RUN y'), stream('Step 3/2 : RUN z')];
  expect(sketch(play(lines).events)).toEqual([
    '1/2 FROM x',
    'out 1 "Step 1/9 : RUN y"',
    'out 1 "Step 3/2 : RUN z"',
    'end 1 failed',
  ]);
});

test('a secret that is cut by a chunk on stderr is whole again without the painting', () => {
  const painted = (text: string): string => stream(`\u001b[91m${text}\u001b[0m`);
  const { events } = play([...RUNNING, painted('hunter'), painted('2hunter\n')]);
  const text = events.flatMap((event) => (event.type === 'build-output' ? [event.text] : [])).join('');
  expect(text).toBe('hunter2hunter\n');
});

test("a command's output is not in the raw events, which are masked one by one; everything else is", () => {
  const lines = [...RUNNING, stream('half a sec'), stream('ret\n'), '{"status":"Pulling from a/b","id":"1"}'];
  const raw = play(lines).events.flatMap((event) => (event.type === 'raw' ? [event.text] : []));
  expect(raw).toEqual([' ---> Running in 8033283d433b', '{"status":"Pulling from a/b","id":"1"}']);
});

test('no id, or one that is no digest: not built', () => {
  expect(play([stream('Step 1/1 : FROM x'), stream('Successfully built ab\n')]).imageId).toBeUndefined();
  expect(play([JSON.stringify({ aux: { ID } }), JSON.stringify({ aux: { ID: '../../etc' } })]).imageId).toBeUndefined();
});

test('the daemon warns that a base is for another platform', () => {
  const status =
    "\nWARNING: Pulled image with specified platform (linux/arm64), but the resulting image's configured platform (linux/amd64) does not match.\nPlease notify the image author.";
  expect(sketch(play([JSON.stringify({ status })]).events)).toEqual([
    "build-warning Pulled image with specified platform (linux/arm64), but the resulting image's configured platform (linux/amd64) does not match.\nPlease notify the image author.",
  ]);
});

test("Podman's steps", () => {
  const lines = ['STEP 1/2: FROM x\n', 'STEP 2/2: RUN y\n', 'hello\n', 'COMMIT z\n', '--> f75c120d4af\n'].map(stream);
  expect(sketch(play([...lines, JSON.stringify({ aux: { ID } })]).events)).toEqual([
    '1/2 FROM x',
    'end 1',
    '2/2 RUN y',
    'out 2 "hello\\n"',
    'out 2 "COMMIT z\\n"',
    'out 2 "--> f75c120d4af\\n"',
    'end 2',
  ]);
});
