import type { StepError } from '../domain/errors';
import { refName, repositoryName } from '../domain/image-ref';
import type { Outcome, PushedTag, RunState } from '../domain/outcome';
import type { Phase } from '../domain/phase';
import type { Reply } from './task-service';

// GoCD prints a failure's message as one line of the job's log; the fields' texts in it may be as long as a body.
const MAX_MESSAGE = 16_384;

// What would break the line, move the cursor or reorder text: C0, C1, bidi controls, line and paragraph separators.
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g;

/** What GoCD is told; `redact` comes before the cut, which could leave half a secret. The order of the ifs is the specification. */
export function replyOf(outcome: Outcome, redact: (text: string) => string): Reply {
  const success = outcome.kind === 'pushed' || outcome.kind === 'built' || outcome.kind === 'checked';
  return { success, message: oneLine(redact(messageOf(outcome))) };
}

/** The message for a task that ended without an outcome: the host's own last word. */
export function faultReply(error: StepError): Reply {
  return { success: false, message: oneLine(failure(error)) };
}

function messageOf(outcome: Outcome): string {
  if (outcome.kind === 'pushed') return pushedText(outcome.pushed);
  if (outcome.kind === 'built') return `Built ${outcome.result.imageId ?? 'an image'} as ${list(outcome.refs)}`;
  if (outcome.kind === 'checked') return 'Checked: every hop answered, nothing was built';
  if (outcome.kind === 'cancelled') return `CANCELLED: ${where(outcome.phase)}. ${tagState(outcome.state)}`;
  if (outcome.kind === 'timed-out') {
    const limit = `after ${outcome.limitMs / 60_000} min (field TimeoutMinutes)`;
    return `TIMED_OUT: ${limit} ${where(outcome.phase)}. ${tagState(outcome.state)}`;
  }
  // Of several targets that failed, the error names each with its reason.
  const { error, state } = outcome;
  return state.pushed.length > 0 ? `${sentence(failure(error))} ${tagState(state)}` : failure(error);
}

function failure({ code, message, hint }: StepError): string {
  const what = `${code}: ${message}`;
  return hint === undefined ? what : `${sentence(what)} ${hint}`;
}

function where(phase: Phase | undefined): string {
  return phase === undefined ? 'before anything was done' : `in ${phase}`;
}

function tagState({ pushed, missing, targets }: RunState): string {
  const there = pushed.filter(({ how }) => how !== 'left');
  if (there.length === 0) return 'No tag was pushed';
  const done = `Already pushed: ${list(there.map(({ ref }) => (targets.length > 1 ? refName(ref) : ref.tag)))}`;
  return missing.length === 0 ? done : `${done}; not pushed: ${list(missing)}`;
}

/** By image: several targets have it under as many names. */
function pushedText(pushed: readonly PushedTag[]): string {
  if (pushed.length === 0) return 'Pushed nothing';
  const images = new Map<string, PushedTag[]>();
  for (const tag of pushed) {
    if (tag.how === 'left') continue;
    const name = `${repositoryName(tag.ref.repository)}@${tag.digest}`;
    images.set(name, [...(images.get(name) ?? []), tag]);
  }
  const done = [...images].map(([name, tags]) => `${name} as ${list(tags.map(({ ref }) => ref.tag))}`);
  const left = pushed.filter(({ how }) => how === 'left').map(({ ref }) => ref.tag);
  const verb = pushed.some(({ how }) => how === 'pushed' || how === 'put') ? 'Pushed' : 'Already there:';
  return [`${verb} ${done.join('; ')}`, ...(left.length === 0 ? [] : [`left at a later run: ${list(left)}`])].join(
    '; ',
  );
}

function list(names: readonly string[]): string {
  return names.join(', ');
}

function sentence(text: string): string {
  return /[.!?:]$/.test(text) ? text : `${text}.`;
}

function oneLine(text: string): string {
  const line = text.replace(UNPRINTABLE, ' ').trim();
  return line.length <= MAX_MESSAGE ? line : `${line.slice(0, MAX_MESSAGE)} … (cut)`;
}
