import { ours, structure } from './line';
import { red } from './paint';
import { oneLine, row } from './render-layout';
import { inOrder } from './render-order';
import { headed, tellPushed } from './render-push';
import { then, type EventOf, type Rendered, type RenderState } from './render-state';

/** In the preflight it has a heading, for the lines of that target that follow; where something is pushed, that says where. */
export function targetStarted(state: RenderState, event: EventOf<'target-started'>): Rendered {
  const { name, index, total } = event;
  const next = { ...state, targets: { ...state.targets, current: name, total } };
  const line = ours(row('target', `${index} of ${total}: ${name}`));
  return state.phase?.name === 'preflight' ? inOrder(next, 'aws', [line]) : { state: next, lines: [] };
}

/** In full it is in the closing block. */
export function targetFailed(state: RenderState, { name, error }: EventOf<'target-failed'>): Rendered {
  const line = structure(row(red('failed'), `${error.code}: ${oneLine(error.message)}`));
  if (state.phase?.name === 'preflight') return inOrder(state, 'ecr', [line]); // its turn: beneath its heading
  return then(
    tellPushed(state),
    (next) => headed(next, name),
    (next) => inOrder(next, 'ecr', [line]),
  );
}
