import { moment } from './human';
import { ours, type Line } from './line';
import { shortDigest, shorten, wrapped } from './render-layout';
import { inOrder } from './render-order';
import type { TagFact } from './render-registry-state';
import { still, type EventOf, type Rendered, type RenderState } from './render-state';

const LONGEST_RUN = 80;
const RUN = /^run (\S+)( of pipeline .+| with other (?:fields|revisions))?$/;
const OF_PIPELINE = /^ of pipeline (.+)$/;

/** Tags are collected, so that many of them do not make many lines. */
export function tagDescribed(state: RenderState, event: EventOf<'tag-described'>): Rendered {
  const { tag, floating, state: found, digest, since } = event;
  const fact: TagFact = { state: found, floating, digest, run: runName(event.run), since };
  const tags = new Map(state.tags).set(key(state.targets.current ?? '', tag), fact);
  return still({ ...state, tags, untoldTags: [...state.untoldTags, tag] });
}

export function tellTags(state: RenderState): Rendered {
  if (state.untoldTags.length === 0) return still(state);
  const target = state.targets.current ?? '';
  const items = state.untoldTags.map((tag) => tagText(state, tag, tagFact(state, target, tag)));
  const lines: Line[] = wrapped('tags', items).map(ours);
  return inOrder({ ...state, untoldTags: [] }, 'ecr', lines);
}

/** `target` is `host/path`; its host may not have been known yet when its tags were looked up. */
export function tagFact({ tags }: RenderState, target: string, tag: string): TagFact | undefined {
  const path = target.slice(target.indexOf('/') + 1);
  return tags.get(key(target, tag)) ?? tags.get(key(path, tag)) ?? tags.get(key('', tag));
}

/** ` (run 41)`, behind a digest. */
export function ofRun(run: string | undefined): string {
  return run === undefined ? '' : ` (${run})`;
}

/**
 * The number and the name in it come from an image's label, which anybody may have written: no blanks in them, and nothing
 * that ends what we say about it.
 */
export function runName(text = ''): string | undefined {
  const [, counter = '', more = ''] = RUN.exec(text) ?? [];
  if (counter === '') return text === '' ? undefined : word(text);
  const pipeline = OF_PIPELINE.exec(more)?.[1];
  return `run ${word(counter)}${pipeline === undefined ? more : ` of pipeline ${word(pipeline)}`}`;
}

function word(text: string): string {
  return shorten(text.replace(/[^\w.-]+/g, '-'), LONGEST_RUN);
}

export function tagText({ source }: RenderState, tag: string, fact: TagFact | undefined): string {
  const named = fact?.digest === undefined ? '' : ` ${shortDigest(fact.digest)}`;
  const run = fact?.run;
  const since = fact?.since === undefined ? '' : ` since ${moment(fact.since)}`;
  switch (fact?.state) {
    case undefined:
    case 'unknown':
      return `${tag} not looked up (denied)`;
    case 'free':
      return `${tag} is free`;
    case 'ours':
      return `${tag} ${source === undefined ? "is this run's" : 'names this image'} already${bracketed(`${named}${since}`)}`;
    case 'moves':
      return run === undefined ? `${tag} moves from${named || ' another image'}` : `${tag} moves from ${run}`;
    case 'undecided':
      return `${tag} names${named || ' an image'}, which is compared with this one before the push`;
    case 'foreign':
      return run === undefined
        ? `${tag} names${named || ' another image'}${since}, of a run that is not known`
        : `${tag} is of ${run}${since}${bracketed(named)}`;
  }
}

function bracketed(text: string): string {
  return text === '' ? '' : ` (${text.trim()})`;
}

function key(target: string, tag: string): string {
  return `${target} ${tag}`;
}
