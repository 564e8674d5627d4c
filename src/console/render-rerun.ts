import type { ErrorCode, StepError } from '../domain/errors';
import { refName, repositoryName } from '../domain/image-ref';
import type { Outcome, PushedTag, RunState, TargetState } from '../domain/outcome';
import { shortDigest } from './render-layout';
import { leftAt } from './render-push';
import { ofRun, tagFact } from './render-tags';
import type { RenderState } from './render-state';

type Broken = Extract<Outcome, { state: RunState }>;

/** What is in the way is there the next time too. */
const IN_THE_WAY: readonly ErrorCode[] = ['TAG_EXISTS', 'TAG_FOREIGN', 'TAG_IMMUTABLE'];
const ENDS_THE_SAME = 'a rerun ends the same way, as long as that is so';

/** What a run that broke has left in the registry, and whether it can be run again. */
export function rerunLines(state: RenderState, outcome: Broken): string[] {
  const { pushed, missing, targets } = outcome.state;
  const error = outcome.kind === 'failed' ? outcome.error : undefined;
  const inTheWay = error !== undefined && IN_THE_WAY.includes(error.code);
  const beforePush = pushed.length === 0 && outcome.phase !== 'push' && !inTheWay;
  if (state.started?.mode !== 'push' || beforePush) return ['nothing was pushed; a rerun is safe'];
  if (targets.length > 0) return [...unsureTag(state, missing, error), again(state, pushed)];
  const lines = [
    ...(pushed.length === 0 && inTheWay ? ['nothing was pushed'] : []),
    ...pushed.map((tag) => pushedText(state, tag)),
    ...missing.map((tag) => missingText(state, '', tag, unsureText(error))),
  ];
  return [...lines, inTheWay ? ENDS_THE_SAME : again(state, pushed)];
}

/** What is where in one of several targets that failed. */
export function targetRemains(state: RenderState, target: TargetState, error: StepError, run: RunState): string[] {
  if (state.started?.mode !== 'push') return ['nothing was pushed; a rerun is safe'];
  return [
    ...target.pushed.map((tag) => pushedText(state, tag)),
    ...missingTags(target).map((tag) => missingText(state, target.name, tag, unsureText(error))),
    IN_THE_WAY.includes(error.code) ? ENDS_THE_SAME : again(state, run.pushed),
  ];
}

export function missingTags({ name, missing }: TargetState): string[] {
  return missing.map((tag) => (tag.startsWith(`${name}:`) ? tag.slice(name.length + 1) : tag));
}

function again({ started }: RenderState, pushed: readonly PushedTag[]): string {
  if (pushed.length === 0) return 'a rerun is safe';
  const asked = started?.fieldsSet.some(({ name }) => name === 'ExistingTag') === true;
  return asked
    ? 'a rerun does with the tags that are there as field ExistingTag says'
    : 'a rerun is safe, and does only what is missing';
}

function pushedText(state: RenderState, { ref, digest, how }: PushedTag): string {
  const named = `(${shortDigest(digest)})`;
  switch (how) {
    case 'pushed':
      return `${ref.tag} is pushed ${named}`;
    case 'put':
      return `${ref.tag} is put beside it ${named}`;
    case 'present':
      return `${ref.tag} was there already ${named}`;
    case 'left':
      return `${ref.tag} is left at ${leftAt(state, ref, digest)}`;
  }
}

function missingText(state: RenderState, target: string, tag: string, unsure: string | undefined): string {
  const { pushing } = state;
  const itsTurn = pushing !== undefined && isNamed(pushing, target, tag);
  if (itsTurn && unsure !== undefined) return `${tag} ${unsure}`;
  const former = tagFact(state, target, tag);
  return former?.digest === undefined
    ? `${tag} is not pushed`
    : `${tag} is not pushed, it still names ${shortDigest(former.digest)}${ofRun(former.run)}`;
}

function isNamed(ref: NonNullable<RenderState['pushing']>, target: string, tag: string): boolean {
  if (target === '') return ref.tag === tag || refName(ref) === tag;
  return ref.tag === tag && (repositoryName(ref.repository) === target || ref.repository.path === target);
}

/** Of several targets, what is missing is in their table; what is not sure is not. */
function unsureTag({ pushing }: RenderState, missing: readonly string[], error: StepError | undefined): string[] {
  const unsure = unsureText(error);
  if (pushing === undefined || unsure === undefined || !missing.includes(refName(pushing))) return [];
  return [`${refName(pushing)} ${unsure}`];
}

/** A push that was broken off may have come through, as far as anybody here can tell. */
function unsureText(error: StepError | undefined): string | undefined {
  const onItsWay = 'was on its way, it may name the new image already';
  if (error === undefined) return onItsWay;
  if (error.code === 'DIGEST_FOREIGN') return 'names another image than this one now';
  return error.hop === 'agent-daemon' ? onItsWay : undefined;
}
