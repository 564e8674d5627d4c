import type { PluginEvent } from '../../src/domain/events';
import type { Phase } from '../../src/domain/phase';
import type { Mode } from '../../src/domain/plan';
import {
  BASE,
  digest,
  ENDPOINT,
  ENGINE,
  HOST,
  IDENTITY,
  pushedTag,
  RESULT,
  START,
  tagged,
  type Recording,
} from './recording';

// What several recordings have in common: the phases of a run, as they go when nothing is wrong.

const PHASES: Readonly<Record<Mode, readonly Phase[]>> = {
  push: ['preflight', 'login', 'build', 'push', 'verify', 'cleanup'],
  build: ['preflight', 'login', 'build', 'cleanup'],
  check: [],
};

export function started(recording: Recording, mode: Mode = 'push'): Recording {
  return recording.report({
    type: 'started',
    version: '1.4.0',
    mode,
    repository: 'shop/cart',
    endpoint: ENDPOINT,
    phases: PHASES[mode],
    fieldsSet: [
      { name: 'Repository' },
      { name: 'Tags', items: 3 },
      { name: 'BuildArgs', items: 2 },
      { name: 'DockerHost' },
    ],
  });
}

export type BuilderChosen = Extract<PluginEvent, { type: 'builder-chosen' }>;

const NO_BUILDKIT = 'the daemon has no BuildKit: it answered POST /session with 404';

export const CLASSIC: BuilderChosen = {
  type: 'builder-chosen',
  builder: 'classic',
  why: NO_BUILDKIT,
  session: undefined,
};

export function preflight(recording: Recording, builder = CLASSIC): Recording {
  recording.report({ type: 'phase-started', phase: 'preflight' }).wait(310);
  recording.report(
    builder,
    { type: 'daemon-described', info: ENGINE, endpoint: ENDPOINT, origin: 'field DockerHost' },
    { type: 'aws-described', account: '111122223333', region: 'eu-west-1', identity: IDENTITY },
    { type: 'repository-described', name: 'shop/cart', exists: true, mutability: 'MUTABLE' },
    { type: 'tag-described', tag: '1.42-3fa9c1d', floating: false, state: 'free' },
    { type: 'tag-described', tag: 'stable', floating: true, state: 'moves', digest: digest('5c0e') },
    { type: 'tag-described', tag: 'latest', floating: true, state: 'moves', digest: digest('aa10'), run: 'run 41' },
    { type: 'base-described', ref: BASE.ref, platform: 'linux/amd64', local: true },
  );
  return recording.wait(490).report({ type: 'phase-ended', phase: 'preflight', ok: true });
}

export function login(recording: Recording): Recording {
  recording.report({ type: 'phase-started', phase: 'login' }).wait(120);
  const expiresAt = START + 12 * 3_600_000;
  recording.report({ type: 'token-issued', registry: HOST, expiresAt, refreshed: false }).wait(180);
  recording.report({ type: 'daemon-login', registry: HOST, accepted: true });
  return recording.report({ type: 'phase-ended', phase: 'login', ok: true });
}

export function contextSent(recording: Recording): Recording {
  recording.report(
    { type: 'phase-started', phase: 'build' },
    { type: 'build-started', builder: 'classic', context: '.' },
  );
  const all = { files: 4120, bytes: 61_300_000 };
  const report = { ...all, sentFiles: all.files, sentBytes: all.bytes, largest: [], baggage: [] };
  return recording.wait(900).report({ type: 'context-sent', report });
}

export function step(index: number, instruction: string): PluginEvent {
  return { type: 'step-started', id: String(index), index, total: 5, instruction };
}

export function stepEnded(index: number, cached: boolean, failed = false): PluginEvent {
  return { type: 'step-ended', id: String(index), cached, failed };
}

export function output(index: number, text: string): PluginEvent {
  return { type: 'build-output', id: String(index), text };
}

export function cachedSteps(recording: Recording): Recording {
  recording.report(step(1, 'FROM node:20-slim')).wait(10).report(stepEnded(1, false));
  recording.report(step(2, 'COPY package*.json .'), stepEnded(2, true));
  return recording.report(step(3, 'RUN npm ci'), stepEnded(3, true));
}

export function npmBuild(recording: Recording): Recording {
  cachedSteps(recording);
  recording.report(step(4, 'COPY . .')).wait(400).report(stepEnded(4, false));
  recording.report(step(5, 'RUN npm run build')).wait(600);
  recording.report(output(5, 'vite v5.4.2 building for production...\ntransfor')).wait(200);
  return recording.report(output(5, 'ming (0)\rtransforming (812)\r'));
}

export function built(recording: Recording): Recording {
  const { imageId, sizeBytes, platform, bases } = RESULT;
  recording.report({ type: 'image-built', imageId, sizeBytes, platform, bases });
  return recording.report({ type: 'phase-ended', phase: 'build', ok: true });
}

export function layer(
  id: string,
  state: Extract<PluginEvent, { type: 'layer' }>['state'],
  currentBytes?: number,
  totalBytes?: number,
  tag = '1.42-3fa9c1d',
): PluginEvent {
  return {
    type: 'layer',
    ref: tagged(tag),
    id,
    state,
    ...(currentBytes === undefined ? {} : { currentBytes }),
    ...(totalBytes === undefined ? {} : { totalBytes }),
  };
}

export function layersPresent(recording: Recording, tag: string): Recording {
  for (const id of ['a1', 'b2', 'c3', 'd4', 'e5', 'f6'])
    recording.report(layer(id, 'present', undefined, undefined, tag));
  return recording;
}

export function firstTagPushed(recording: Recording): Recording {
  recording.report({ type: 'phase-started', phase: 'push' });
  for (const id of ['a1', 'b2', 'c3', 'd4', 'e5']) recording.report(layer(id, 'waiting'), layer(id, 'present'));
  recording.report(layer('f6', 'waiting'), layer('f6', 'pushing', 1_000_000, 3_100_000)).wait(1_500);
  recording.report(layer('f6', 'pushing', 3_100_000, 3_100_000), layer('f6', 'pushed'));
  return recording.report(tagPushed('1.42-3fa9c1d'));
}

export function tagPushed(
  tag: string,
  previous?: ReturnType<typeof digest>,
  changes: Partial<Extract<PluginEvent, { type: 'tag-pushed' }>> = {},
): Extract<PluginEvent, { type: 'tag-pushed' }> {
  return { type: 'tag-pushed', ...pushedTag(tag, previous), ...changes };
}

export function pushed(recording: Recording): Recording {
  firstTagPushed(recording).report(tagPushed('stable', digest('5c0e')));
  recording.wait(60).report(tagPushed('latest', digest('aa10'), { how: 'put' }));
  return recording.report({ type: 'phase-ended', phase: 'push', ok: true });
}

export function verified(recording: Recording): Recording {
  recording.report({ type: 'phase-started', phase: 'verify' }).wait(90);
  for (const tag of ['1.42-3fa9c1d', 'stable', 'latest']) {
    recording.report({ type: 'digest-verified', ref: tagged(tag), digest: digest('5c0e'), by: 'registry' });
  }
  return recording.report({ type: 'phase-ended', phase: 'verify', ok: true });
}

export const KEPT = 'gocd-ecr-task/cache:1f2e3d4c5b6a7988';
export const RUN_REF = 'gocd-ecr-task/run:1f2e3d4c5b6a7988-m1x2-k3';

export function cleaned(recording: Recording, refs = 4): Recording {
  recording.report({ type: 'phase-started', phase: 'cleanup' }).wait(60);
  recording.report(removed(refs));
  return recording.report({ type: 'phase-ended', phase: 'cleanup', ok: true });
}

export function removed(refs = 1, kept: readonly string[] = [KEPT]): PluginEvent {
  const names = Array.from({ length: refs }, (_, index) => (index === 0 ? RUN_REF : `${HOST}/shop/cart:${index}`));
  return { type: 'refs-removed', refs: names, kept };
}
