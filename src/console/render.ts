import type { PluginEvent } from '../domain/events';
import type { CancelReason } from '../domain/phase';
import type { FieldSet, Mode } from '../domain/plan';
import { ours, structure } from './line';
import { yellow } from './paint';
import * as build from './render-build';
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
import { say } from './render-say';
import { still, type EventOf, type Rendered, type RenderState } from './render-state';
import * as steps from './render-steps';
import { taskEnded, taskStarted } from './render-task';
import { tick } from './render-tick';
import { buildWarning } from './render-warning';

export { INITIAL, type Rendered, type RenderState } from './render-state';

/** What the console renders: the plugin's events, and the lines of a build's output, whole. */
export type ConsoleEvent = PluginEvent | steps.OutputLine;

/** No I/O and no clock: time comes with the event. */
export function render(state: RenderState, event: ConsoleEvent, at: number): Rendered {
  if (event.type === 'tick') return tick(state, at);
  const rendered = (HANDLERS[event.type] as Handler<typeof event.type>)(state, event, at);
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
  note: (state, { text }) => inOrder(state, 'note', [structure(row('note', text.trimEnd().replaceAll('\n', ' ')))]),
  'phase-started': phaseStarted,
  'phase-ended': phaseEnded,
  'daemon-described': preflight.daemonDescribed,
  'aws-described': preflight.awsDescribed,
  'repository-described': preflight.repositoryDescribed,
  'tag-described': preflight.tagDescribed,
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

const MODES: Readonly<Record<Mode, string>> = { push: 'build + push', build: 'build only', check: 'check only' };

const WHY_CANCELLED: Readonly<Record<CancelReason, string>> = {
  signal: 'the job was cancelled; the daemon is told to stop',
  disconnect: 'the connection from the GoCD agent was closed; the daemon is told to stop',
  'parent-gone': 'the GoCD agent is gone; the daemon is told to stop',
  timeout: 'the time limit is reached (field TimeoutMinutes); the daemon is told to stop',
};

function started(state: RenderState, event: EventOf<'started'>, at: number): Rendered {
  const head = `${event.repository}  ${MODES[event.mode]}    gocd-ecr-task ${event.version}`;
  const fields = `Fields set: ${event.fieldsSet.map(fieldText).join(' ')}`;
  return say({ ...state, started: event, startedAt: at, endpoint: event.endpoint }, ours(head), ours(fields));
}

function fieldText({ name, items }: FieldSet): string {
  return items === undefined ? name : `${name}(${items})`;
}
