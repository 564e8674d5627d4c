import { refName, repositoryName, type Digest, type TaggedRef } from '../domain/image-ref';
import type { TagMade } from '../domain/outcome';
import { bytes, duration, plural } from './human';
import { structure, type TextLine } from './line';
import { yellow } from './paint';
import { row, shorten } from './render-layout';
import { say } from './render-say';
import { runName } from './render-tags';
import { still, then, type EventOf, type Layer, type Rendered, type RenderState } from './render-state';

/** A gateway's error page is no reason to read; the last attempt's words are told in full. */
const LONGEST_REASON = 240;
const MADE: Readonly<Record<TagMade, string>> = {
  pushed: 'pushed',
  put: 'put beside it',
  present: 'there already',
  left: 'left alone',
};
const WITNESSES: Readonly<Record<EventOf<'digest-verified'>['by'], string>> = {
  registry: "the registry's digest is this image",
  aws: "AWS's digest is this image",
  daemon: "by the daemon's word only, the registry could not be read",
};
const DONE: readonly Layer['state'][] = ['pushed', 'present', 'mounted'];

/** Layers are counted, not listed; of a layer that several tags share, the first word counts. */
export function layer(state: RenderState, event: EventOf<'layer'>): Rendered {
  const id = `${repositoryName(event.ref.repository)} ${event.id}`;
  const known = state.layers.get(id);
  const pushing = event.ref;
  if (known !== undefined && DONE.includes(known.state)) return still({ ...state, pushing });
  const layers = new Map(state.layers).set(id, {
    state: event.state,
    currentBytes: event.currentBytes ?? known?.currentBytes ?? 0,
    totalBytes: event.totalBytes ?? known?.totalBytes ?? 0,
  });
  return still({ ...state, layers, pushing });
}

export function tagPushed(state: RenderState, event: EventOf<'tag-pushed'>): Rendered {
  const next: RenderState = {
    ...state,
    pushing: undefined,
    pushedTags: [...state.pushedTags, event],
    untoldPushed: [...state.untoldPushed, event],
  };
  return state.phase?.opened === true ? tellPushed(next) : still(next);
}

export function tellPushed(state: RenderState): Rendered {
  const { untoldPushed } = state;
  const lineOf = ({ ref, digest, how }: (typeof untoldPushed)[number]): TextLine =>
    structure(`  tag ${ref.tag}: ${how === 'left' ? `left at ${leftAt(state, ref, digest)}` : MADE[how]}`);
  const parts = untoldPushed.map((tag) => (next: RenderState) => sayOf(next, tag.ref, lineOf(tag)));
  return then(still({ ...state, untoldPushed: [] }), ...parts);
}

/** Of several targets, the one that the next lines are about. */
export function headed(state: RenderState, name: string): Rendered {
  const told = `${state.phase?.name ?? ''} ${name}`;
  if (state.targets.total === 1 || state.targets.told === told) return still(state);
  return say({ ...state, targets: { ...state.targets, told } }, structure(row('target', name)));
}

function sayOf(state: RenderState, { repository }: TaggedRef, line: TextLine): Rendered {
  return then(headed(state, repositoryName(repository)), (next) => say(next, line));
}

/** `run 42, which is later (sha256:…)`. */
export function leftAt({ pushedTags }: RenderState, ref: TaggedRef, digest: Digest): string {
  const run = runName(pushedTags.find((one) => refName(one.ref) === refName(ref))?.run);
  return run === undefined ? `the image of a later run (${digest})` : `${run}, which is later (${digest})`;
}

export function tagRefused(state: RenderState, event: EventOf<'tag-refused'>): Rendered {
  return then(tellPushed(state), (next) => sayOf(next, event.ref, structure(`  tag ${event.ref.tag}: not pushed`)));
}

/** `attempt` is the one to come. */
export function retrying(state: RenderState, event: EventOf<'retrying'>): Rendered {
  const { what, attempt, attempts, delayMs } = event;
  const reason = shorten(event.reason.trimEnd().replaceAll('\n', ' '), LONGEST_REASON);
  const text = `${what}: attempt ${attempt} of ${attempts} in ${duration(delayMs)}: ${reason}`;
  const word = yellow('retry');
  const line = state.phase?.name === 'preflight' ? row(word, text) : `  ${word} ${text}`;
  return then(tellPushed(state), (next) => say(next, structure(line)));
}

export function digestVerified(state: RenderState, event: EventOf<'digest-verified'>): Rendered {
  return still({ ...state, verified: [...state.verified, event] });
}

/** For the closing line of the phase: `3 tags: 1 pushed, 2 put beside it; 6 layers: 5 present, 1 pushed 3.1 MB`. */
export function pushFacts(state: RenderState): string[] {
  const { pushedTags: tags, layers } = state;
  const facts = tags.length > 0 ? [tagsText(tags)] : [];
  return layers.size > 0 ? [...facts, layersText([...layers.values()])] : facts;
}

function tagsText(tags: RenderState['pushedTags']): string {
  const ways = (Object.keys(MADE) as TagMade[]).map(
    (how) => [tags.filter((tag) => tag.how === how).length, how] as const,
  );
  const [only, ...others] = ways.filter(([number]) => number > 0);
  const all = plural(tags.length, 'tag');
  if (only === undefined || (only[1] === 'pushed' && others.length === 0)) return all;
  if (others.length === 0) return `${all} ${MADE[only[1]]}`;
  return `${all}: ${[only, ...others].map(([number, how]) => `${number} ${MADE[how]}`).join(', ')}`;
}

/** The tag that is on its way; with several targets, where to. */
export function pushingName({ pushing, targets }: RenderState): string {
  if (pushing === undefined) return '';
  return targets.total > 1 ? refName(pushing) : pushing.tag;
}

function layersText(layers: readonly Layer[]): string {
  const of = (wanted: Layer['state']): readonly Layer[] => layers.filter((one) => one.state === wanted);
  const sum = of('pushed').reduce((total, { totalBytes }) => total + totalBytes, 0);
  const size = sum > 0 ? ` ${bytes(sum)}` : '';
  const unfinished = of('waiting').length + of('pushing').length;
  const parts = [
    [of('present').length, 'present', ''],
    [of('mounted').length, 'mounted', ''],
    [of('pushed').length, 'pushed', size],
    [unfinished, 'unfinished', ''],
  ] as const;
  const told = parts.filter(([number]) => number > 0).map(([number, word, more]) => `${number} ${word}${more}`);
  return `${plural(layers.length, 'layer')}: ${told.join(', ')}`;
}

/** How far a push has got: `2 of 6 layers, 45 MB of 120 MB`. */
export function pushProgress(state: RenderState): { readonly text: string; readonly bytes: number } {
  const layers = [...state.layers.values()];
  const moving = layers.filter((one) => one.totalBytes > 0 && one.state !== 'present' && one.state !== 'mounted');
  const total = moving.reduce((sum, { totalBytes }) => sum + totalBytes, 0);
  const sent = moving.reduce((sum, one) => sum + (one.state === 'pushed' ? one.totalBytes : one.currentBytes), 0);
  const done = layers.filter((one) => DONE.includes(one.state)).length;
  const size = total > 0 ? `, ${bytes(Math.min(sent, total))} of ${bytes(total)}` : '';
  return { text: `${done} of ${plural(layers.length, 'layer')}${size}`, bytes: sent };
}

/** Who says that the tags name this image. */
export function verifyFacts({ verified }: RenderState): string[] {
  const told = (Object.keys(WITNESSES) as (keyof typeof WITNESSES)[]).map((who) => {
    const number = verified.filter(({ by }) => by === who).length;
    const tags = verified.length === 1 ? '' : ` (${plural(number, 'tag')})`;
    return number === 0 ? '' : `${WITNESSES[who]}${tags}`;
  });
  return told.filter((text) => text !== '');
}
