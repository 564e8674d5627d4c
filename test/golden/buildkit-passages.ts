import type { ContextReport, PluginEvent } from '../../src/domain/events';
import * as the from './passages';
import { digest, endedWith, imageId, pushedTag, Recording, RESULT, RESULT_FILES } from './recording';

// What BuildKit reports of a Dockerfile with the stages `deps`, `build` and a last one without a name.

export const BUILDKIT: the.BuilderChosen = {
  type: 'builder-chosen',
  builder: 'buildkit',
  why: 'Builder=auto, and the daemon has BuildKit',
  session: 'h2c',
};

export const RESULT_OF_BUILDKIT = { ...RESULT, builder: 'buildkit' as const };

const CONTEXT: ContextReport = {
  files: 4120,
  bytes: 61_300_000,
  sentFiles: 12,
  sentBytes: 1_200_000,
  largest: [{ path: 'assets/intro.mp4', bytes: 30_100_000 }],
  baggage: [],
};

export function upToBuild(): Recording {
  const recording = the.login(the.preflight(the.started(new Recording()), BUILDKIT));
  return recording.report(
    { type: 'phase-started', phase: 'build' },
    { type: 'build-started', builder: 'buildkit', context: '.' },
  );
}

export function context(changes: Partial<ContextReport> = {}): PluginEvent {
  return { type: 'context-sent', report: { ...CONTEXT, ...changes } };
}

const TOTALS: Readonly<Record<string, number>> = { deps: 2, build: 4, test: 3, 'stage-3': 3 };

/** `id` is the stage and the number: `build 2`. */
export function step(stage: string, index: number, instruction: string): PluginEvent {
  return { type: 'step-started', id: `${stage} ${index}`, index, total: TOTALS[stage] ?? 0, instruction, stage };
}

export function cached(stage: string, index: number, instruction: string): PluginEvent[] {
  return [step(stage, index, instruction), ended(`${stage} ${index}`, 0, { cached: true })];
}

export function ended(id: string, durationMs: number, changes = {}): PluginEvent {
  return { type: 'step-ended', id, cached: false, failed: false, durationMs, ...changes };
}

export function output(id: string, text: string): PluginEvent {
  return { type: 'build-output', id, text };
}

export function task(name: string): PluginEvent {
  return { type: 'task-started', id: name, name };
}

export function taskEnded(name: string, durationMs: number): PluginEvent {
  return { type: 'task-ended', id: name, failed: false, durationMs };
}

const BASE_NAME = `docker.io/library/node:20-slim@${digest('9d1e')}`;

export function metadata(recording: Recording): Recording {
  const tasks = ['[internal] load build definition from Dockerfile', '[internal] load metadata for node:20-slim'];
  for (const name of tasks) recording.report(task(name)).wait(30).report(taskEnded(name, 30));
  return recording;
}

export function depsCached(recording: Recording): Recording {
  recording.report(step('deps', 1, `FROM ${BASE_NAME}`), step('build', 1, `FROM ${BASE_NAME}`));
  return recording.report(...cached('deps', 2, 'RUN npm ci'), ended('deps 1', 4), ended('build 1', 0));
}

export function exported(recording: Recording, ms: number): Recording {
  recording.report(task('exporting to image')).wait(ms).report(taskEnded('exporting to image', ms));
  const { sizeBytes, platform, bases } = RESULT;
  recording.report({ type: 'image-built', imageId: imageId('77ab'), sizeBytes, platform, bases });
  return recording.report({ type: 'phase-ended', phase: 'build', ok: true });
}

export function pushedAll(recording: Recording): Recording {
  the.cleaned(the.verified(the.pushed(recording)));
  const pushed = [pushedTag('1.42-3fa9c1d'), pushedTag('stable', digest('5c0e')), pushedTag('latest', digest('aa10'))];
  return recording.report(endedWith({ kind: 'pushed', result: RESULT_OF_BUILDKIT, pushed }, RESULT_FILES));
}
