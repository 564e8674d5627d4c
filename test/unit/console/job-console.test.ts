import { ConfigError, StepError } from '../../../src/domain/errors';
import type { PluginEvent } from '../../../src/domain/events';
import { Secret } from '../../../src/domain/secret';
import * as the from '../../golden/passages';
import { digest, ENGINE, IDENTITY, imageId, runState, START } from '../../golden/recording';
import { begin, listen, STARTED, timeline, type Heard } from './lines-of';

const TOKEN = 'eyJwYXlsb2FkIjoiSGVsbG8+d29ybGQvIn0';

const NAMED = { path: `a/${TOKEN}`, bytes: 1, files: 1 };
const CONTEXT = { files: 1, bytes: 200_000_000, sentFiles: 1, sentBytes: 1 };

function hear(...events: readonly (PluginEvent | number)[]): Heard {
  const heard = listen();
  heard.console.mask.register('TOKEN', new Secret(TOKEN));
  for (const event of timeline(events)) heard.console.report(event);
  return heard;
}

test('a secret that arrives in pieces is masked, on the console and in the raw log', () => {
  const { printed, raw } = hear(
    the.output(1, `a ${TOKEN.slice(0, 10)}`),
    the.output(1, TOKEN.slice(10)),
    the.output(1, ' b\n'),
  );
  expect(printed).toEqual(['    | a **** b']);
  expect(raw).toEqual(['2026-03-02T10:00:00.000Z     | a **** b']);
});

test('a secret that was shortened or split is masked before', () => {
  const words = `${'x'.repeat(10)} ${TOKEN}\nmore ${TOKEN}`;
  const error = new StepError('PUSH_FAILED', 'none', 'build', `message ${TOKEN}`, { words, hint: `hint ${TOKEN}` });
  const instruction = `RUN ${'y'.repeat(100)} ${TOKEN}`;
  const { printed } = hear(
    begin('build'),
    the.step(1, instruction),
    the.stepEnded(1, true),
    { type: 'retrying', what: TOKEN, attempt: 2, attempts: 4, delayMs: 1, reason: TOKEN },
    { type: 'ended', outcome: { kind: 'failed', phase: 'build', error, state: runState() }, files: [TOKEN] },
  );
  expect(printed.join('\n')).not.toContain(TOKEN.slice(0, 8));
  expect(printed).toContain(`  [1/5] RUN ${'y'.repeat(100)} ****  CACHED`);
  expect(printed).toContain('  | xxxxxxxxxx ****');
});

test('what BuildKit tells is masked before it is shortened', () => {
  const long = `${'y'.repeat(110)} ${TOKEN}`;
  const path = `${'y'.repeat(10)}/${TOKEN}/${'y'.repeat(30)}`;
  const lines = [{ number: 1, text: `${'y'.repeat(150)} ${TOKEN}`, failing: true }];
  const error = new StepError('BUILD_FAILED', 'none', 'build', 'it broke');
  const { printed } = hear(
    STARTED,
    begin('build'),
    { type: 'step-started', id: 's', index: 1, total: 2, instruction: 'RUN x', stage: `y${TOKEN}` },
    { type: 'task-started', id: 't', name: long },
    { type: 'build-warning', text: 'x', lint: { rule: long, line: 1, url: undefined } },
    { type: 'context-sent', report: { ...CONTEXT, largest: [{ path, bytes: 1 }], baggage: [] } },
    11_000,
    { type: 'dockerfile-excerpt', path: long, lines },
    { type: 'ended', outcome: { kind: 'failed', phase: 'build', error, state: runState() }, files: [] },
  );
  expect(printed).toContain(`  builder  ${'y'.repeat(110)} **** …`);
  expect(printed).toContain(`  largest  ${'y'.repeat(10)}/****/${'y'.repeat(30)} 1 B`);
  expect(printed).toContain(`Where: ${'y'.repeat(110)} ****, line 1`);
  for (const line of printed) for (const end of [4, 8]) expect(line).not.toContain(TOKEN.slice(0, end));
});

test('a secret of several short lines is masked in the words of others, before they are split', () => {
  const { console, printed } = listen();
  console.mask.register('SHORT_LINES', new Secret('ab1\ncd2\nef3'));
  const words = 'it was ab1\ncd2\nef3 indeed';
  const error = new StepError('PUSH_FAILED', 'none', 'build', 'it broke', { words });
  const outcome = { kind: 'failed', phase: 'build', error, state: runState() } as const;
  console.report({ at: START, event: { type: 'ended', outcome, files: [] } });
  expect(printed).toContain('  | it was **** indeed');
});

test('every text of every event is masked', () => {
  const info = {
    ...ENGINE,
    product: TOKEN,
    engineVersion: TOKEN,
    httpProxy: `http://${TOKEN}`,
    securityOptions: [TOKEN],
  };
  const error = new ConfigError([{ field: TOKEN, message: `is ${TOKEN}` }]);
  const { printed, raw } = hear(
    { type: 'started', version: TOKEN, mode: 'push', repository: TOKEN, phases: [], fieldsSet: [{ name: TOKEN }] },
    { type: 'note', text: TOKEN },
    { type: 'daemon-described', info, endpoint: TOKEN, origin: TOKEN },
    { type: 'aws-described', account: TOKEN, region: TOKEN, identity: TOKEN },
    { type: 'repository-described', name: TOKEN, exists: true, mutability: TOKEN },
    { type: 'tag-described', tag: TOKEN, floating: false, state: 'foreign', run: TOKEN, digest: digest('aa') },
    { type: 'repository-drift', name: TOKEN, drift: { setting: TOKEN, wanted: TOKEN, found: TOKEN } },
    { type: 'target-started', name: TOKEN, index: 1, total: 2 },
    { type: 'target-failed', name: TOKEN, error },
    { type: 'source-described', ref: TOKEN, imageId: imageId('77'), sizeBytes: 1, platform: TOKEN },
    { type: 'image-reused', digest: digest('aa'), sizeBytes: 1 },
    { type: 'platform-described', wanted: TOKEN, daemon: TOKEN },
    { type: 'base-described', ref: TOKEN, platform: TOKEN, local: true },
    { type: 'builder-chosen', builder: 'classic', why: TOKEN, session: undefined },
    { type: 'build-started', builder: 'classic', context: TOKEN },
    { type: 'build-warning', text: TOKEN },
    { type: 'build-warning', text: TOKEN, lint: { rule: TOKEN, line: 1, url: `https://a/${TOKEN}` } },
    { type: 'context-sent', report: { ...CONTEXT, largest: [NAMED], baggage: [NAMED] } },
    { type: 'step-started', id: 's', index: 1, total: 2, instruction: `RUN ${TOKEN}`, stage: TOKEN },
    { type: 'build-output', id: 's', text: `${TOKEN}\n` },
    { type: 'task-started', id: 't', name: `exporting ${TOKEN}` },
    11_000,
    { type: 'dockerfile-excerpt', path: TOKEN, lines: [{ number: 1, text: TOKEN, failing: true }] },
    { type: 'pull-progress', text: TOKEN },
    { type: 'raw', text: `{"stream":"${TOKEN}"}` },
    { type: 'refs-removed', refs: [TOKEN], kept: [TOKEN] },
    { type: 'cleanup-failed', ref: TOKEN, reason: TOKEN },
    { type: 'phase-ended', phase: 'push', ok: true, summary: TOKEN },
    { type: 'ended', outcome: { kind: 'failed', phase: undefined, error, state: runState() }, files: [TOKEN] },
  );
  expect(printed.length).toBeGreaterThan(15);
  expect([...printed, ...raw].join('\n')).not.toContain(TOKEN.slice(0, 8));
  expect(printed.slice(-2)).toEqual(['  ****: is ****', 'Details: **** (declare it as an artifact to keep it)']);
});

test('a line is masked whole, then cut at 8 KiB; the raw log has all of it', () => {
  const { printed, raw } = hear(the.output(1, `${'x'.repeat(8180)}${TOKEN}${'y'.repeat(3_000)}\n`));
  expect(printed).toEqual([`    | ${'x'.repeat(8180)}****yy … 3.0 kB of this line cut`]);
  expect(raw).toEqual([`2026-03-02T10:00:00.000Z     | ${'x'.repeat(8180)}****${'y'.repeat(3_000)}`]);
});

test('of an endless line no half secret is shown, and what is lost is counted', () => {
  const { printed, raw } = hear(the.output(1, `${'z'.repeat(1024 * 1024 - 12)}${TOKEN}${'z'.repeat(2_000_000)}\n`));
  expect(printed).toHaveLength(1);
  expect(printed[0]).toMatch(/^ {4}\| z+ … 3\.0 MB of this line cut$/);
  expect(raw[0]).not.toContain(TOKEN.slice(0, 6));
});

test('the raw log has every line of the daemon, our own lines without colours, and what flood control cuts', () => {
  const flood = Array.from({ length: 6_000 }, (_, index) => `${index}\n`).join('');
  const { printed, raw } = hear(
    STARTED,
    { type: 'raw', text: '{"stream":"x"}\n{"y":"\\u001b[2K"}\n' },
    the.output(1, flood),
    {
      type: 'cancelling',
      reason: 'signal',
    },
  );
  expect(printed.length).toBeLessThan(4_100);
  expect(raw).toHaveLength(2 + 2 + 6_000 + 1);
  expect(raw.slice(2, 4)).toEqual([
    '2026-03-02T10:00:00.000Z {"stream":"x"}',
    '2026-03-02T10:00:00.000Z {"y":"\\u001b[2K"}',
  ]);
  expect(raw.at(-1)).toBe('2026-03-02T10:00:00.000Z cancelling: the job was cancelled; the daemon is told to stop');
});

test('what has no line feed yet is printed when its step, the phase or the console ends', () => {
  const heard = hear(
    begin('build'),
    the.step(1, 'RUN x'),
    the.output(1, 'first'),
    the.stepEnded(1, false),
    the.output(2, 'second'),
  );
  expect(heard.printed.filter((line) => line.includes('|'))).toEqual(['    | first']);
  heard.console.close();
  expect(heard.printed.at(-1)).toBe('    | second');
});

test('what is still held back is told when the console closes', () => {
  const heard = hear(the.output(1, 'x\n'.repeat(4_500)), 20_000);
  expect(heard.printed).toHaveLength(4_000);
  heard.console.close();
  expect(heard.printed).toHaveLength(4_201);
});

test('nothing is printed after the console is closed', () => {
  const heard = hear(STARTED);
  const before = heard.printed.length;
  heard.console.close();
  heard.console.close();
  heard.console.report({ at: START, event: { type: 'note', text: 'too late' } });
  expect([heard.printed.length, heard.raw.length]).toEqual([before, before]);
});

test('redact masks what goes elsewhere, and user info', () => {
  const { console } = hear();
  expect(console.redact(`${IDENTITY}: ${TOKEN} at https://a:b@host`)).toBe(`${IDENTITY}: **** at https://****@host`);
});
