import type { Outcome, RunState } from '../domain/outcome';
import { shortDigest } from './render-layout';
import type { RenderState } from './render-state';

type Broken = Extract<Outcome, { state: RunState }>;

/** What a run that broke has left in the registry, and whether it can be run again. */
export function rerunLines(state: RenderState, outcome: Broken): string[] {
  const { pushed, missing } = outcome.state;
  const beforePush = pushed.length === 0 && outcome.phase !== 'push';
  if (state.started?.mode !== 'push' || beforePush) return ['nothing was pushed; a rerun is safe'];
  const unsure = unsureText(state, outcome);
  const lines = [
    ...pushed.map(({ ref, digest }) => `${ref.tag} is pushed (${shortDigest(digest)})`),
    ...missing.map((tag) => (tag === state.pushing && unsure !== '' ? unsure : missingText(state, tag))),
  ];
  return [...lines, again(state, pushed)];
}

function missingText(state: RenderState, tag: string): string {
  const former = state.tags.get(tag)?.digest;
  return former === undefined ? `${tag} is not pushed` : `${tag} is not pushed, it still names ${shortDigest(former)}`;
}

/** A push that was broken off may have come through, as far as anybody here can tell. */
function unsureText({ pushing = '' }: RenderState, outcome: Broken): string {
  if (outcome.kind !== 'failed') return `${pushing} was on its way, it may name the new image already`;
  if (outcome.error.code === 'DIGEST_FOREIGN') return `${pushing} names another image than this one now`;
  return outcome.error.hop === 'agent-daemon' ? `${pushing} was on its way, it may name the new image already` : '';
}

// ECR refuses even the same digest under the same tag in an immutable repository.
function again({ mutability }: RenderState, pushed: RunState['pushed']): string {
  const all = 'a rerun builds and pushes all tags again';
  if (pushed.length === 0) return 'a rerun is safe';
  if (mutability === 'MUTABLE') return `${all}, and is safe`;
  if (mutability === undefined) return `${all}, and is safe unless the tags of this repository are immutable`;
  return `${all}; the repository is immutable and may refuse ${pushed.map(({ ref }) => ref.tag).join(', ')}`;
}
