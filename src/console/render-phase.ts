import { duration } from './human';
import { ours } from './line';
import { buildFacts } from './render-build';
import { aligned } from './render-layout';
import { tellWaiting } from './render-order';
import { tellTags } from './render-tags';
import { pushFacts, verifyFacts } from './render-push';
import { broken, phaseTitle, tellHeld } from './render-say';
import { still, then, type EventOf, type OpenPhase, type Rendered, type RenderState } from './render-state';
import { stopSteps } from './render-steps';
import { tellHiddenWarnings } from './render-warning';

export function phaseStarted(state: RenderState, event: EventOf<'phase-started'>, at: number): Rendered {
  const phase: OpenPhase = { name: event.phase, startedAt: at, opened: false, facts: [] };
  return still({ ...state, phase, progress: { at, bytes: 0 } });
}

/** One line for the whole phase, or the last of several. */
export function phaseEnded(state: RenderState, event: EventOf<'phase-ended'>, at: number): Rendered {
  const stop = (next: RenderState): Rendered => stopSteps(next, at);
  const told = then(still(state), tellWaiting, tellTags, tellHeld, stop, tellHiddenWarnings);
  const { phase } = told.state;
  if (phase === undefined) return told;
  const took = at - phase.startedAt;
  const facts = [
    ...phase.facts,
    ...(event.ok ? [] : [`${phase.opened ? `${phase.name} ` : ''}${broken(state)}`]),
    ...factsOf(told.state, phase),
  ];
  if (event.summary !== undefined) facts.push(event.summary);
  if (facts.length === 0) facts.push('ok');
  const start = phase.opened ? '  ' : phaseTitle(told.state, phase.name);
  const times = [...told.state.times, { phase: phase.name, ms: took }];
  const line = ours(aligned(`${start}${facts.join('; ')}`, duration(took)));
  return { state: { ...told.state, phase: undefined, times }, lines: [...told.lines, line] };
}

function factsOf(state: RenderState, phase: OpenPhase): string[] {
  switch (phase.name) {
    case 'build':
      return buildFacts(state);
    case 'push':
      return pushFacts(state);
    case 'verify':
      return verifyFacts(state);
    case 'preflight':
    case 'login':
    case 'cleanup':
      return [];
  }
}
