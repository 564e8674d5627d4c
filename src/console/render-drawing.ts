import type { Hop } from '../domain/errors';
import { duration } from './human';
import { green, red } from './paint';
import type { RenderState } from './render-state';

/** Which of the three lines are proven, and what is known of their far ends. */
export interface Hops {
  readonly aws: string | undefined;
  readonly daemon: string | undefined;
  readonly registry: string | undefined;
  readonly registryProven: boolean;
}

type Line = Exclude<Hop, 'none'>;

const ENDS: Readonly<Record<Line, string>> = {
  'agent-aws': 'agent  %s AWS ECR ',
  'agent-daemon': 'agent  %s daemon  ',
  'daemon-registry': 'daemon %s registry',
};

export const HOP_NAMES: Readonly<Record<Line, string>> = {
  'agent-aws': 'agent → AWS',
  'agent-daemon': 'agent → daemon',
  'daemon-registry': 'daemon → registry',
};

/** Nothing to draw when nothing was tried. */
export function drawing(state: RenderState, hops: Hops, broken: Hop, at: number): string[] {
  const nothing = hops.aws === undefined && hops.daemon === undefined && !hops.registryProven;
  if (nothing && broken === 'none') return [];
  const token = hops.aws === undefined ? '' : tokenText(state, hops.registry, at);
  return [
    drawn('agent-aws', broken, hops.aws !== undefined, `${hops.aws ?? state.identity ?? ''}${token}`),
    drawn('agent-daemon', broken, hops.daemon !== undefined, hops.daemon ?? state.endpoint ?? ''),
    drawn('daemon-registry', broken, hops.registryProven, hops.registry ?? ''),
  ];
}

function drawn(line: Line, broken: Hop, proven: boolean, about: string): string {
  const untried = !proven && line !== broken;
  const mark = line === broken ? red('✗') : proven ? green('✓') : '?';
  const text = untried ? [about, 'not tried'].filter((part) => part !== '').join(', ') : about;
  return `  ${ENDS[line].replace('%s', () => `──${mark}──`)}  ${text}`.trimEnd();
}

function tokenText({ registries, targets }: RenderState, registry: string | undefined, at: number): string {
  const own = registry === undefined ? undefined : registries.tokenEnds.get(registry);
  // A host that was typed differs from the token's own: of one target, whichever there is is meant.
  const ends = own ?? (targets.total === 1 ? [...registries.tokenEnds.values()].at(-1) : undefined);
  if (ends === undefined) return '';
  return ends > at ? `, token valid ${duration(ends - at)}` : ', token expired';
}
