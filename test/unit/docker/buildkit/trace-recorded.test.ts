import type { PluginEvent } from '../../../../src/domain/events';
import { played, sketch } from './played';

const isTask = (line: string): boolean => line.startsWith('(');
const isOutput = (line: string): boolean => line.startsWith('out ');

function durations(events: readonly PluginEvent[]): number[] {
  return events.flatMap((event) => (event.type === 'step-ended' ? [event.durationMs ?? NaN] : []));
}

const STEPS = [
  'base 2/2 RUN echo "hello me" && echo "to stderr" >&2 && printf \'naïve → ✓ no newline\'',
  'build 1/3 WORKDIR /srv',
  'build 2/3 COPY a.txt .',
  'build 3/3 RUN for i in 1 2 3; do       echo line $i;     done',
  'stage-2 1/2 COPY --from=build /srv/a.txt /b.txt',
  'stage-2 2/2 RUN cat /b.txt',
];

describe.each(['20.10', '29', '29-classic'])('Engine %s', (engine) => {
  const from = engine === '29' ? 'docker.io/lab/busybox:1@…' : 'docker.io/lab/busybox:1';

  test('three stages: steps once and in order, their output, the image', () => {
    const { events, imageId, failure } = played(`buildkit-stages-${engine}`);
    const told = sketch(events);
    expect(failure).toBeUndefined();
    expect(imageId).toMatch(/^sha256:[0-9a-f]{64}$/);
    const ends = [' cached', ''].map((how) => `end base 1/2${how}`);
    const steps = told.filter((line) => !isTask(line) && !isOutput(line));
    expect(ends).toContain(steps.find((line) => line.startsWith('end base 1/2')));
    expect(steps.filter((line) => !line.startsWith('end base 1/2'))).toEqual([
      `base 1/2 FROM ${from}`,
      ...STEPS.flatMap((step) => [step, `end ${/^\S+ \d\/\d/.exec(step)![0]}`]),
    ]);
    expect(textOf(events, STEPS[0]!).split('').sort()).toEqual(
      'hello me\nto stderr\nnaïve → ✓ no newline'.split('').sort(),
    );
    expect(textOf(events, STEPS[3]!)).toBe('line 1\nline 2\nline 3\n');
    expect(textOf(events, STEPS[5]!)).toBe('content of a\n');
    for (const ms of durations(events)) expect(ms).toBeLessThan(5_000);
    expect(told).toContain('(exporting to image)');
    expect(told.at(-1)).toBe('(end exporting to image)');
  });
});

function textOf(events: readonly PluginEvent[], step: string): string {
  const instruction = step.replace(/^\S+ \d\/\d /, '');
  const id = events.flatMap((e) => (e.type === 'step-started' && e.instruction === instruction ? [e.id] : []))[0];
  return events.map((event) => (event.type === 'build-output' && event.id === id ? event.text : '')).join('');
}

describe.each(['20.10', '29'])('Engine %s', (engine) => {
  test('nothing changed: cached, but what must be looked at', () => {
    const steps = sketch(played(`buildkit-cached-${engine}`).events).filter((line) => !isTask(line));
    expect(steps.filter((line) => line.startsWith('end')).sort()).toEqual([
      'end base 1/2',
      'end base 2/2 cached',
      'end build 1/3 cached',
      'end build 2/3 cached',
      'end build 3/3 cached',
      'end stage-2 1/2 cached',
      'end stage-2 2/2 cached',
    ]);
    expect(steps.filter((line) => !line.startsWith('end'))).toHaveLength(7);
  });

  test('a RUN that fails', () => {
    const { events, failure, imageId, trace } = played(`buildkit-failing-${engine}`);
    const steps = sketch(events).filter((line) => !isTask(line));
    expect(steps.slice(-3)).toEqual(['2/2 RUN echo out; exit 7', 'out 2/2 "out\\n"', 'end 2/2 failed']);
    expect(imageId).toBeUndefined();
    expect(failure).toBe(
      engine === '29'
        ? 'process "/bin/sh -c echo out; exit 7" did not complete successfully: exit code: 7'
        : 'executor failed running [/bin/sh -c echo out; exit 7]: exit code: 7',
    );
    expect(trace.failed(failure)?.name).toEqual({
      kind: 'step',
      stage: undefined,
      index: 2,
      total: 2,
      instruction: 'RUN echo out; exit 7',
    });
  });

  test('what another step stopped has neither failed nor been done', () => {
    const { events, failure, trace } = played(`buildkit-parallel-${engine}`);
    const told = sketch(events);
    expect(told).toContain('b 2/2 RUN for i in 1 2 3 4 5 6 7 8 9; do echo b$i; sleep 1; done');
    expect(told.filter((line) => line.startsWith('end')).sort()).toEqual(['end a 2/2 failed', 'end b 1/2 cached']);
    expect(trace.failed(failure)?.name).toMatchObject({ instruction: 'RUN sleep 1; echo a; exit 3' });
  });

  test('a COPY of what is not there fails as a step', () => {
    const { events, trace, failure } = played(`buildkit-copy-${engine}`);
    expect(sketch(events)).toContain('end 2/2 failed');
    expect(trace.failed(failure)?.name).toMatchObject({ instruction: 'COPY nope.txt /x' });
  });

  test('a pull: a few words for its many', () => {
    const told = sketch(played(`buildkit-pulling-${engine}`).events);
    const ref = '127.0.0.1:5600/seed/two:1';
    const pulls = told.filter((line) => /^(pulling|unpacking) /.test(line));
    expect(pulls.slice(0, -1).every((line) => /^pulling \S+:1: \d+\.\d of \d+\.\d MB$/.test(line))).toBe(true);
    expect(pulls.length).toBeLessThanOrEqual(6);
    expect(pulls.at(-1)).toBe(`unpacking ${ref}: 18.0 MB`);
    const [from, end, run] = [
      `a 1/2 FROM ${ref}@…`,
      told.find((line) => line.startsWith('end a 1/2'))!,
      'a 2/2 RUN ls -l /a; sleep 1',
    ].map((line) => told.indexOf(line));
    expect([from, end, run]).toEqual([from, end, run].sort((a, b) => a! - b!));
  });

  test('a cache that is not there is a warning, and the build succeeds', () => {
    const { events, imageId, failure } = played(`buildkit-cachemiss-${engine}`);
    expect(failure).toBeUndefined();
    expect(imageId).toMatch(/^sha256:/);
    const why =
      engine === '29'
        ? 'failed to configure registry cache importer: failed to do request: Head "https://127.0.0.1:9/v2/nope/manifests/1": dial tcp 127.0.0.1:9: connect: connection refused'
        : 'failed to do request: Head "http://127.0.0.1:9/v2/nope/manifests/1": dial tcp 127.0.0.1:9: connect: connection refused';
    expect(sketch(events)).toContain(
      `warning the cache 127.0.0.1:9/nope:1 could not be read, built without it: ${why}`,
    );
  });

  test('a character in two chunks and the other stream between them', () => {
    const { events } = played(`buildkit-chars-${engine}`);
    const texts = events.flatMap((event) => (event.type === 'build-output' ? [event.text] : []));
    expect(texts).toEqual(engine === '29' ? ['a', 'éb\n', 'e', 'x\n', '\ufffd'] : ['a', 'éb\n', 'e', 'x\n', '\ufffd']);
  });
});

test('lint warnings have rule, line and page, and are told once', () => {
  const { events } = played('buildkit-lint-29');
  const warnings = events.filter((event) => event.type === 'build-warning');
  expect(sketch(warnings)).toEqual([
    "warning StageNameCasing:1 Stage name 'X' should be lowercase",
    'warning MaintainerDeprecated:2 Maintainer instruction is deprecated in favor of using label',
    "warning ConsistentInstructionCasing:1 Command 'from' should match the case of the command majority (uppercase)",
    'warning LegacyKeyValueFormat:4 "ENV key=value" should be used instead of legacy "ENV key value" format',
    'warning WorkdirRelativePath:5 Relative workdir "srv" can have unexpected results if the base image changes',
    'warning JSONArgsRecommended:7 JSON arguments recommended for CMD to prevent unintended behavior related to OS signals',
    'warning MultipleInstructionsDisallowed:7 Multiple CMD instructions should not be used in the same stage because only the last one will be used',
    'warning JSONArgsRecommended:8 JSON arguments recommended for CMD to prevent unintended behavior related to OS signals',
  ]);
  expect(warnings[0]).toMatchObject({
    lint: { url: 'https://docs.docker.com/go/dockerfile/rule/stage-name-casing/' },
  });
});
