import type { PluginEvent } from '../domain/events';
import type { CancelReason } from '../domain/phase';
import type { FieldSet, Mode } from '../domain/plan';
import { ours, structure } from './line';
import { yellow } from './paint';
import * as build from './render-build';
import { checkStarted, hopChecked } from './render-check';
import { builderChosen } from './render-builder';
import { cleanupFailed, refsRemoved } from './render-cleanup';
import { contextSent } from './render-context';
import { ended } from './render-end';
import { row } from './render-layout';
import { daemonLogin, tokenIssued } from './render-login';
import { inOrder } from './render-order';
import { phaseEnded, phaseStarted } from './render-phase';
import * as preflight from './render-preflight';
import { pullProgress } from './render-pull';
import * as push from './render-push';
import * as registry from './render-registry';
import { say } from './render-say';
import { imageReused, sourceDescribed } from './render-source';
import { still, then, type EventOf, type Rendered, type RenderState } from './render-state';
import * as steps from './render-steps';
import { tagDescribed, tellTags } from './render-tags';
import { targetFailed, targetStarted } from './render-targets';
import { taskEnded, taskStarted } from './render-task';
import { tick } from './render-tick';
import { buildWarning } from './render-warning';

export { INITIAL, type Rendered, type RenderState } from './render-state';

/** What the console renders: the plugin's events, and the lines of a build's output, whole. */
export type ConsoleEvent = PluginEvent | steps.OutputLine;

/** No I/O and no clock: time comes with the event. */
export function render(state: RenderState, event: ConsoleEvent, at: number): Rendered {
  if (event.type === 'tick') return tick(state, at);
  const handle = HANDLERS[event.type] as Handler<typeof event.type>;
  // Of several targets, the tags of one are told before anything else is.
  const tellFirst = state.targets.total > 1 && event.type !== 'tag-described';
  const rendered = then(tellFirst ? tellTags(state) : still(state), (next) => handle(next, event, at));
  const silent = rendered.lines.length === 0 && state.startedAt !== undefined;
  const { lineAt, since } = silent ? rendered.state.quiet : { lineAt: at, since: at };
  return { ...rendered, state: { ...rendered.state, quiet: { lineAt, since, aliveAt: at, given: false } } };
}

type Handler<T extends ConsoleEvent['type']> = (
  state: RenderState,
  event: Extract<ConsoleEvent, { type: T }>,
  at: number,
) => Rendered;

/** The type sees to it that every event is here. */
const HANDLERS: { readonly [T in ConsoleEvent['type']]: Handler<T> } = {
  started,
  'check-started': checkStarted,
  'hop-checked': hopChecked,
  'disk-described': still, // only ever told of a hop
  note,
  'phase-started': phaseStarted,
  'phase-ended': phaseEnded,
  'daemon-described': preflight.daemonDescribed,
  'aws-described': registry.awsDescribed,
  'repository-described': registry.repositoryDescribed,
  'repository-drift': registry.repositoryDrift,
  'target-started': targetStarted,
  'target-failed': targetFailed,
  'tag-described': tagDescribed,
  'source-described': sourceDescribed,
  'image-reused': imageReused,
  'platform-described': preflight.platformDescribed,
  'base-described': preflight.baseDescribed,
  'token-issued': tokenIssued,
  'daemon-login': daemonLogin,
  'builder-chosen': builderChosen,
  'build-started': build.buildStarted,
  'context-progress': (state, { bytes }) => still({ ...state, sentBytes: bytes }),
  'context-sent': contextSent,
  'step-started': steps.stepStarted,
  'step-ended': steps.stepEnded,
  'task-started': taskStarted,
  'task-ended': taskEnded,
  'dockerfile-excerpt': (state, excerpt) => still({ ...state, excerpt }),
  'output-line': steps.outputLine,
  'build-warning': buildWarning,
  'pull-progress': pullProgress,
  'image-built': build.imageBuilt,
  layer: push.layer,
  'tag-pushed': push.tagPushed,
  'tag-refused': push.tagRefused,
  retrying: push.retrying,
  'digest-verified': push.digestVerified,
  'refs-removed': refsRemoved,
  'cleanup-failed': cleanupFailed,
  cancelling: (state, { reason }) =>
    say({ ...state, stopping: true }, ours(`${yellow('cancelling')}: ${WHY_CANCELLED[reason]}`)),
  // The texts of these two come as lines of their own; here they are a sign of life.
  'build-output': still,
  raw: still,
  tick: (state, _event, at) => tick(state, at),
  ended,
};

/** In a push it stands beneath the tags that were pushed before it. */
function note(state: RenderState, { text }: EventOf<'note'>): Rendered {
  const line = structure(row('note', text.trimEnd().replaceAll('\n', ' ')));
  return then(push.tellPushed(state), (next) => inOrder(next, 'note', [line]));
}

const MODES: Readonly<Record<Mode, string>> = { push: 'build + push', build: 'build only', check: 'check only' };

const WHY_CANCELLED: Readonly<Record<CancelReason, string>> = {
  signal: 'the job was cancelled; the daemon is told to stop',
  disconnect: 'the connection from the GoCD agent was closed; the daemon is told to stop',
  'parent-gone': 'the GoCD agent is gone; the daemon is told to stop',
  timeout: 'the time limit is reached (field TimeoutMinutes); the daemon is told to stop',
};

function started(state: RenderState, event: EventOf<'started'>, at: number): Rendered {
  if (state.check !== undefined) return still({ ...state, started: event, endpoint: event.endpoint });
  const { mode, phases } = event;
  const what = mode === 'push' && phases.length > 0 && !phases.includes('build') ? 'push only' : MODES[mode];
  const head = `${event.repository}  ${what}    gocd-ecr-task ${event.version}`;
  const fields = `Fields set: ${event.fieldsSet.map(fieldText).join(' ')}`;
  return say({ ...state, started: event, startedAt: at, endpoint: event.endpoint }, ours(head), ours(fields));
}

function fieldText({ name, items }: FieldSet): string {
  return items === undefined ? name : `${name}(${items})`;
}
