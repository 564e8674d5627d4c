import type { Line } from './line';
import { say } from './render-say';
import { still, type Rendered, type RenderState } from './render-state';

/** Daemon, builder and AWS are asked side by side: their lines stand in this order, whichever answer comes first. */
const ORDER = ['daemon', 'builder', 'aws', 'ecr', 'note'] as const;
const [AWS, ECR] = [ORDER.indexOf('aws'), ORDER.indexOf('ecr')];

export type Part = (typeof ORDER)[number];

export function inOrder(state: RenderState, part: Part, lines: readonly Line[]): Rendered {
  const { waiting, next } = state.preflight;
  // With several targets, all that AWS tells of one stands together, and nothing more belongs between.
  const together = state.targets.total > 1 && (part === 'aws' || part === 'ecr');
  const place = together ? AWS : ORDER.indexOf(part);
  if (state.phase?.name !== 'preflight' || place < next) return say(state, ...lines);
  const all = new Map(waiting).set(place, [...(waiting.get(place) ?? []), ...lines]);
  if (together) all.set(ECR, all.get(ECR) ?? []);
  let end = next;
  while (all.has(end)) end++;
  return tell({ ...state, preflight: { waiting: all, next: end } });
}

/** What still waits has nothing more to wait for. */
export function tellWaiting(state: RenderState): Rendered {
  return tell({ ...state, preflight: { ...state.preflight, next: ORDER.length } });
}

function tell(state: RenderState): Rendered {
  const { waiting, next } = state.preflight;
  const ready = [...waiting.keys()].filter((place) => place < next).sort((a, b) => a - b);
  if (ready.length === 0) return still(state);
  const rest = new Map(waiting);
  for (const place of ready) rest.delete(place);
  const lines = ready.flatMap((place) => waiting.get(place) ?? []);
  return say({ ...state, preflight: { waiting: rest, next } }, ...lines);
}
