import { StepError } from '../../src/domain/errors';
import type { ExcerptLine, PluginEvent, TimedEvent } from '../../src/domain/events';
import * as kit from './buildkit-passages';
import * as the from './passages';
import { endedWith, FAILURE_FILES, runState, type Recording } from './recording';

type Scenario = () => readonly TimedEvent[];

const changed: Scenario = () => {
  const recording = kit.depsCached(kit.metadata(kit.upToBuild()));
  recording.report(kit.task('[internal] load build context')).wait(300);
  recording.report(kit.context(), kit.taskEnded('[internal] load build context', 300));
  recording.report(...kit.cached('build', 2, 'COPY --from=deps /app/node_modules node_modules'));
  recording
    .report(kit.step('build', 3, 'COPY . .'))
    .wait(400)
    .report(kit.ended('build 3', 380));
  recording.report(kit.step('build', 4, 'RUN npm run build')).wait(900);
  recording.report(kit.output('build 4', 'vite v5.4.2 building for production...\n')).wait(6_000);
  recording.report(kit.output('build 4', 'built in 6.61s\n'), kit.ended('build 4', 6_870));
  recording.report(...kit.cached('stage-3', 2, 'RUN apk add --no-cache tini'));
  recording.report(kit.step('stage-3', 3, 'COPY --from=build /app/dist /srv')).wait(100);
  recording.report(kit.ended('stage-3 3', 70));
  return kit.pushedAll(kit.exported(recording, 3_400)).events;
};

const noOp: Scenario = () => {
  const recording = kit.depsCached(kit.metadata(kit.upToBuild())).wait(120);
  recording.report(kit.context({ sentFiles: 0, sentBytes: 0 }));
  recording.report(
    ...kit.cached('build', 2, 'COPY --from=deps /app/node_modules node_modules'),
    ...kit.cached('build', 3, 'COPY . .'),
    ...kit.cached('build', 4, 'RUN npm run build'),
    ...kit.cached('stage-3', 2, 'RUN apk add --no-cache tini'),
    ...kit.cached('stage-3', 3, 'COPY --from=build /app/dist /srv'),
  );
  return kit.pushedAll(kit.exported(recording.wait(40), 20)).events;
};

/** `build` and `test` run beside each other; the context arrives while they do. */
function parallel(): Recording {
  const recording = kit.depsCached(kit.metadata(kit.upToBuild()));
  recording
    .report(kit.step('test', 2, 'RUN apk add --no-cache git'), kit.step('build', 3, 'RUN npm run icons'))
    .wait(400);
  recording.report(kit.output('test 2', 'fetch https://dl-cdn.example/APKINDEX.tar.gz\n')).wait(100);
  recording.report(kit.output('build 3', 'drawing 212 ic'), kit.output('test 2', '(1/2) Installing pcre2\n')).wait(200);
  recording.report(kit.output('build 3', 'ons\n'), kit.context(), kit.output('test 2', '(2/2) Installing git\n'));
  recording.report(kit.ended('test 2', 640)).wait(100);
  recording.report(kit.step('test', 3, 'RUN npm test')).wait(700);
  return recording.report(kit.output('build 3', '212 icons drawn\n'), kit.output('test 3', 'running 48 tests\n'));
}

const parallelStages: Scenario = () => {
  const recording = parallel().wait(300);
  recording.report(kit.ended('build 3', 1_790), kit.step('build', 4, 'RUN npm run build')).wait(35_000);
  recording.report(kit.output('test 3', '48 tests passed\n'), kit.ended('test 3', 36_020)).wait(900);
  recording.report(kit.output('build 4', 'built in 35.9s\n'), kit.ended('build 4', 35_900));
  return kit.pushedAll(kit.exported(recording, 700)).events;
};

const EXCERPT: readonly ExcerptLine[] = [
  { number: 8, text: 'RUN apk add --no-cache git', failing: false },
  { number: 9, text: 'COPY . .', failing: false },
  { number: 10, text: 'RUN --mount=type=cache,target=/root/.npm \\', failing: true },
  { number: 11, text: '    npm test', failing: true },
  { number: 12, text: '', failing: false },
];

const failingInParallel: Scenario = () => {
  const recording = parallel().wait(2_600);
  recording.report(kit.output('test 3', 'FAIL src/price.test.ts\n'), kit.output('build 3', 'packing\n')).wait(30);
  recording.report(
    kit.output('test 3', '\u001b[31m1 of 48 tests failed\u001b[0m\n'),
    kit.ended('test 3', 3_300, { failed: true }),
    { type: 'dockerfile-excerpt', path: 'docker/Dockerfile', lines: EXCERPT },
    { type: 'phase-ended', phase: 'build', ok: false },
  );
  const words = 'process "/bin/sh -c npm test" did not complete successfully: exit code: 1';
  const error = new StepError('BUILD_RUN_FAILED', 'none', 'build', 'RUN npm test ended with exit code 1', {
    words,
    hint: 'Read the lines above: they are the last ones of that command',
  });
  recording.wait(30).report(the.removed(1, []));
  return recording.report(endedWith({ kind: 'failed', phase: 'build', error, state: runState() }, FAILURE_FILES))
    .events;
};

function lint(rule: string, line: number, text: string): PluginEvent {
  const page = rule.replace(
    /[A-Z]+(?=[A-Z][a-z])|[A-Z][a-z]+/g,
    (word, at: number) => `${at > 0 ? '-' : ''}${word.toLowerCase()}`,
  );
  const url = `https://docs.docker.com/go/dockerfile/rule/${page}/`;
  return { type: 'build-warning', text, lint: { rule, line, url } };
}

const warnings: Scenario = () => {
  const recording = kit.metadata(kit.upToBuild());
  recording.report(lint('FromAsCasing', 1, "'as' and 'FROM' keywords' casing do not match"));
  for (let line = 3; line <= 13; line++) {
    recording.report(
      lint('LegacyKeyValueFormat', line, '"ENV key=value" should be used instead of legacy "ENV key value" format'),
    );
  }
  recording.report(
    lint(
      'JSONArgsRecommended',
      20,
      'JSON arguments recommended for CMD to prevent unintended behavior related to OS signals',
    ),
  );
  kit.depsCached(recording).report(kit.context({ sentFiles: 0, sentBytes: 0 }));
  recording.report(...kit.cached('build', 2, 'COPY . .'), ...kit.cached('build', 4, 'RUN npm run build'));
  return kit.pushedAll(kit.exported(recording, 20)).events;
};

const bigContext: Scenario = () => {
  const recording = kit.metadata(kit.upToBuild());
  recording.report({ type: 'context-progress', bytes: 4_000_000 }).wait(9_000);
  recording.report({ type: 'context-progress', bytes: 180_000_000 }).wait(9_000);
  const largest = Array.from({ length: 10 }, (_, index) => ({
    path:
      index === 0
        ? '.git/objects/pack/pack-1f2e3d4c5b6a79881f2e3d4c5b6a79881f2e3d4c.pack'
        : `node_modules/lib-${index}/index.node`,
    bytes: Math.round(140_000_000 / (index + 1)),
  }));
  const baggage = [
    { path: 'node_modules', bytes: 310_000_000, files: 31_077 },
    { path: '.git', bytes: 148_000_000, files: 1_204 },
    { path: 'web/node_modules', bytes: 2_000_000, files: 310 },
    { path: 'docs/node_modules', bytes: 1_000_000, files: 31 },
  ];
  const all = { files: 36_742, bytes: 522_300_000 };
  recording.report(kit.context({ ...all, sentFiles: all.files, sentBytes: all.bytes, largest, baggage }));
  recording
    .report(kit.step('build', 2, 'COPY . .'))
    .wait(2_100)
    .report(kit.ended('build 2', 2_080));
  return kit.pushedAll(kit.exported(recording, 14_000)).events;
};

export const BUILDKIT_SCENARIOS: Readonly<Record<string, Scenario>> = {
  'buildkit-changed': changed,
  'buildkit-no-op': noOp,
  'buildkit-parallel': parallelStages,
  'buildkit-failing': failingInParallel,
  'buildkit-warnings': warnings,
  'buildkit-big-context': bigContext,
};
