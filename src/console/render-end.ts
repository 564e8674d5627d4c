import type { Base } from '../domain/daemon-info';
import type { BuildResult, Outcome } from '../domain/outcome';
import { duration } from './human';
import { ours, type Line } from './line';
import { green } from './paint';
import { checkedBlock, endedInHops } from './render-check-end';
import { failedBlock, stoppedBlock } from './render-failed';
import { row } from './render-layout';
import { tellWaiting } from './render-order';
import { pushedLines } from './render-pushed';
import { tellHeld } from './render-say';
import { imageRows } from './render-source';
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
      const head = `${green('BUILT')} ${outcome.result.imageId ?? ''}`;
      return [head, ...refs, ...made(state, outcome.result), total(state, files, at)].map(ours);
    }
    case 'checked':
      return checkedBlock(state, outcome, files, at);
    case 'failed':
      return endedInHops(state) ? checkedBlock(state, outcome, files, at) : failedBlock(state, outcome, files, at);
    case 'cancelled':
    case 'timed-out':
      return state.check === undefined
        ? stoppedBlock(state, outcome, files, at)
        : checkedBlock(state, outcome, files, at);
  }
}

function made(state: RenderState, result: BuildResult): string[] {
  const times = state.times.map(({ phase, ms }) => `${phase} ${duration(ms)}`);
  return [
    ...imageRows(state, result),
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
