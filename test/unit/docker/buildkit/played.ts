import type { PluginEvent } from '../../../../src/domain/events';
import { BuildFailure } from '../../../../src/docker/buildkit/build-failure';
import { BuildResponse } from '../../../../src/docker/buildkit/build-response';
import { BuildTrace } from '../../../../src/docker/buildkit/trace/build-trace';
import { parseMessage } from '../../../../src/docker/message-stream';
import { recorded } from '../recorded';

export interface Played {
  readonly events: readonly PluginEvent[];
  readonly imageId: string | undefined;
  readonly failure: string | undefined;
  readonly trace: BuildTrace;
}

/** Plays what POST /build answered. */
export function played(name: string): Played {
  const lines = recorded(name).toString().split('\n');
  return playedLines(lines.map((line) => line.trim()).filter((line) => line !== ''));
}

export function playedLines(lines: readonly string[]): Played {
  const events: PluginEvent[] = [];
  const report = (event: PluginEvent): void => void events.push(event);
  const trace = new BuildTrace(report);
  const response = new BuildResponse(trace, report);
  let failure: string | undefined;
  try {
    for (const line of lines) response.take(parseMessage(line)!);
  } catch (error) {
    if (!(error instanceof BuildFailure)) throw error;
    failure = error.message;
  }
  trace.end();
  return { events, imageId: response.imageId, failure, trace };
}

/** One line an event; steps by number, without what differs from one run to the next. */
export function sketch(events: readonly PluginEvent[]): readonly string[] {
  const labels = new Map<string, string>();
  return events.filter(({ type }) => type !== 'raw').map((event) => sketchOf(event, labels));
}

function sketchOf(event: PluginEvent, labels: Map<string, string>): string {
  if (event.type === 'step-started') {
    const label = `${event.stage === undefined ? '' : `${event.stage} `}${event.index}/${event.total}`;
    labels.set(event.id, label);
    return `${label} ${event.instruction.replace(/@sha256:\w{64}/, '@…')}`;
  }
  if (event.type === 'task-started') labels.set(event.id, event.name);
  if (event.type === 'task-started') return `(${event.name})`;
  if (event.type === 'step-ended')
    return `end ${labels.get(event.id)!}${event.cached ? ' cached' : ''}${event.failed ? ' failed' : ''}`;
  if (event.type === 'task-ended') return `(end ${labels.get(event.id)!}${event.failed ? ' failed' : ''})`;
  if (event.type === 'build-output') return `out ${labels.get(event.id)!} ${JSON.stringify(event.text)}`;
  if (event.type === 'build-warning')
    return `warning ${event.lint === undefined ? '' : `${event.lint.rule}:${event.lint.line ?? '?'} `}${event.text}`;
  if (event.type === 'pull-progress' || event.type === 'note') return event.text;
  throw new Error(`unexpected event ${event.type}`);
}
