import { duration } from './human';
import { structure } from './line';
import { aligned, oneLine, row } from './render-layout';
import { broken, say } from './render-say';
import type { Task } from './render-build-state';
import { still, type EventOf, type Rendered, type RenderState } from './render-state';

/** A task that takes no longer is not worth a line, nor when it fails: it may not matter, or else it fails the build. */
const SLOW_MS = 2_000;
/** One that takes longer is announced, so that one sees what is being waited for. */
const ANNOUNCED_MS = 10_000;

export function taskStarted(state: RenderState, event: EventOf<'task-started'>, at: number): Rendered {
  const task: Task = { id: event.id, name: taskName(event.name), startedAt: at, opened: false };
  return still({ ...state, tasks: new Map(state.tasks).set(task.id, task) });
}

export function taskEnded(state: RenderState, event: EventOf<'task-ended'>, at: number): Rendered {
  const task = state.tasks.get(event.id);
  if (task === undefined) return still(state);
  const tasks = new Map(state.tasks);
  tasks.delete(task.id);
  const next = { ...state, tasks };
  const took = event.durationMs ?? at - task.startedAt;
  if (took < SLOW_MS && !task.opened) return still(next);
  const text = event.failed ? `${task.name} ${broken(state)}` : task.name;
  return say(next, structure(aligned(row('builder', text), duration(took))));
}

export function announceSlowTasks(state: RenderState, at: number): Rendered {
  const slow = [...state.tasks.values()].filter((task) => !task.opened && at - task.startedAt >= ANNOUNCED_MS);
  if (slow.length === 0) return still(state);
  const tasks = new Map(state.tasks);
  for (const task of slow) tasks.set(task.id, { ...task, opened: true });
  return say({ ...state, tasks }, ...slow.map((task) => structure(row('builder', `${task.name} …`))));
}

/** BuildKit marks what it does on its own account; the reader has the label for that. */
function taskName(name: string): string {
  return oneLine(name.replace(/^\[internal\] /, ''));
}
