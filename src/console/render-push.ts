import { bytes, duration, plural } from './human';
import { structure } from './line';
import { yellow } from './paint';
import { say } from './render-say';
import { still, type EventOf, type Layer, type Rendered, type RenderState } from './render-state';

const DONE: readonly Layer['state'][] = ['pushed', 'present', 'mounted'];

/** Layers are counted, not listed; of a layer that several tags share, the first word counts. */
export function layer(state: RenderState, event: EventOf<'layer'>): Rendered {
  const known = state.layers.get(event.id);
  const pushing = event.ref.tag;
  if (known !== undefined && DONE.includes(known.state)) return still({ ...state, pushing });
  const layers = new Map(state.layers).set(event.id, {
    state: event.state,
    currentBytes: event.currentBytes ?? known?.currentBytes ?? 0,
    totalBytes: event.totalBytes ?? known?.totalBytes ?? 0,
  });
  return still({ ...state, layers, pushing });
}

export function tagPushed(state: RenderState, event: EventOf<'tag-pushed'>): Rendered {
  const { tag } = event.ref;
  const next: RenderState = { ...state, pushing: undefined, pushedTags: [...state.pushedTags, tag] };
  const untold = [...state.untoldPushed, tag];
  return state.phase?.opened === true
    ? tellPushed({ ...next, untoldPushed: untold })
    : still({ ...next, untoldPushed: untold });
}

function tellPushed(state: RenderState): Rendered {
  const lines = state.untoldPushed.map((tag) => structure(`  tag ${tag}: pushed`));
  return say({ ...state, untoldPushed: [] }, ...lines);
}

export function tagRefused(state: RenderState, event: EventOf<'tag-refused'>): Rendered {
  const told = tellPushed(state);
  const said = say(told.state, structure(`  tag ${event.ref.tag}: not pushed`));
  return { state: said.state, lines: [...told.lines, ...said.lines] };
}

/** `attempt` is the one to come. */
export function retrying(state: RenderState, event: EventOf<'retrying'>): Rendered {
  const { what, attempt, attempts, delayMs, reason } = event;
  const text = `${what}: attempt ${attempt} of ${attempts} in ${duration(delayMs)}: ${reason.trimEnd()}`;
  const told = tellPushed(state);
  const said = say(told.state, structure(`  ${yellow('retry')} ${text.replaceAll('\n', ' ')}`));
  return { state: said.state, lines: [...told.lines, ...said.lines] };
}

export function digestVerified(state: RenderState, event: EventOf<'digest-verified'>): Rendered {
  return still({ ...state, verified: [...state.verified, event] });
}

/** For the closing line of the phase: `3 tags; 6 layers: 5 present, 1 pushed 3.1 MB`. */
export function pushFacts(state: RenderState): string[] {
  const tags = state.pushedTags.length > 0 ? [plural(state.pushedTags.length, 'tag')] : [];
  return state.layers.size > 0 ? [...tags, layersText([...state.layers.values()])] : tags;
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
  const registry = verified.filter(({ by }) => by === 'registry').length;
  const daemon = verified.length - registry;
  const tags = (number: number): string => (verified.length === 1 ? '' : ` (${plural(number, 'tag')})`);
  return [
    registry > 0 ? `the registry's digest is this image${tags(registry)}` : '',
    daemon > 0 ? `by the daemon's word only, the registry could not be read${tags(daemon)}` : '',
  ].filter((text) => text !== '');
}
