import type { Base } from '../domain/daemon-info';
import { repositoryName } from '../domain/image-ref';
import type { BuildResult, Outcome, PushedTag } from '../domain/outcome';
import { bytes, duration } from './human';
import { ours, type Line } from './line';
import { green } from './paint';
import { BUILDERS } from './render-builder';
import { drawing } from './render-drawing';
import { failedBlock, stoppedBlock } from './render-failed';
import { row } from './render-layout';
import { tellWaiting } from './render-order';
import { tellHeld } from './render-say';
import { still, then, type EventOf, type Rendered, type RenderState } from './render-state';
import { tailOf } from './render-steps';

/** The last block: what there is now, or what broke and what to do. */
export function ended(state: RenderState, event: EventOf<'ended'>, at: number): Rendered {
  const { outcome, files } = event;
  const told = then(still(state), tellWaiting, tellHeld);
  const tails = [...state.steps.values()].map((step) => tailOf(step, 'state' in outcome ? 'failed' : 'ended'));
  const lines: Line[] = [...told.lines, ...tails, { kind: 'rest' }, ...block(told.state, outcome, files, at)];
  return { state: { ...told.state, ended: true }, lines };
}

function block(state: RenderState, outcome: Outcome, files: readonly string[], at: number): Line[] {
  switch (outcome.kind) {
    case 'pushed':
      return [...pushedLines(state, outcome.pushed), ...made(state, outcome.result), total(state, files, at)].map(ours);
    case 'built': {
      const refs = outcome.refs.map((ref, index) => row(index === 0 ? 'as' : '', ref));
      const head = `${green('BUILT')} ${outcome.result.imageId}`;
      return [head, ...refs, ...made(state, outcome.result), total(state, files, at)].map(ours);
    }
    case 'checked':
      return checkedLines(state, files, at).map(ours);
    case 'failed':
      return failedBlock(state, outcome, files, at);
    case 'cancelled':
    case 'timed-out':
      return stoppedBlock(state, outcome, files, at);
  }
}

/** One heading for each digest of a repository: it is the reference to copy. The tags beneath name it. */
function pushedLines(state: RenderState, pushed: readonly PushedTag[]): string[] {
  const groups = new Map<string, PushedTag[]>();
  for (const tag of pushed) {
    const name = `${repositoryName(tag.ref.repository)}@${tag.digest}`;
    groups.set(name, [...(groups.get(name) ?? []), tag]);
  }
  const width = Math.max(0, ...pushed.map(({ ref }) => ref.tag.length));
  return [...groups].flatMap(([name, tags]) => [
    `${green('PUSHED')} ${name}`,
    ...tags.map((tag, index) =>
      row(index === 0 ? 'tags' : '', `${tag.ref.tag.padEnd(width)}  ${before(state, tag)}`.trimEnd()),
    ),
  ]);
}

/** The former digest is whole: it is the way back. */
function before(state: RenderState, { ref, digest, previous }: PushedTag): string {
  if (previous === digest) return 'named this image before';
  if (previous !== undefined) return `moved from ${previous}`;
  return state.tags.get(ref.tag)?.taken === false ? 'new' : '';
}

function made(state: RenderState, result: BuildResult): string[] {
  const { imageId, sizeBytes, platform, builder, endpoint } = result;
  const times = state.times.map(({ phase, ms }) => `${phase} ${duration(ms)}`);
  return [
    row('image', imageId),
    row('', `${bytes(sizeBytes)}, ${platform}, by ${BUILDERS[builder]} on ${endpoint}`),
    ...result.bases.map((base, index) => row(index === 0 ? 'bases' : '', baseText(base))),
    ...(times.length === 0 ? [] : [row('times', times.join('  '))]),
  ];
}

/** An image that was never pulled has no digest: `ref@id` would be a reference that nobody can pull. */
function baseText({ ref, digest, imageId }: Base): string {
  if (ref.includes('@')) return ref;
  if (digest !== undefined) return `${ref}@${digest}`;
  return imageId === undefined ? ref : `${ref} (image ${imageId}, never pulled)`;
}

function total({ startedAt }: RenderState, files: readonly string[], at: number): string {
  const took = startedAt === undefined ? '' : duration(at - startedAt);
  return files.length === 0 ? took : `${took}   files: ${files.join(' ')}`.trimStart();
}

function checkedLines(state: RenderState, files: readonly string[], at: number): string[] {
  const { login, daemon, endpoint, identity } = state;
  const hops = {
    aws: identity,
    daemon: daemon === undefined ? undefined : `${endpoint ?? ''} (Engine ${daemon.engineVersion})`,
    registry: login?.registry,
    registryProven: login?.accepted === true,
  };
  const head = `${green('CHECK OK')}   every hop answered; nothing was built or pushed`;
  return [head, ...drawing(state, hops, 'none', at), total(state, files, at)];
}
