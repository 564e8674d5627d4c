import type { StepError } from '../domain/errors';
import type { RunState, TargetState } from '../domain/outcome';
import { red } from './paint';
import { padded } from './render-layout';
import { missingTags } from './render-rerun';

/** Of more tags than this, the files tell the rest. */
const MOST_TAGS = 6;
const STATUS = 9;

/** Which of several targets has what; nothing to tell where the task has one, or where nothing came of any. */
export function targetTable({ targets }: RunState): string[] {
  if (targets.every(({ error, pushed }) => error === undefined && pushed.length === 0)) return [];
  const width = Math.max(...targets.map(({ name }) => name.length));
  return [
    'Targets:',
    ...targets.map((target) => `  ${statusText(target)}${target.name.padEnd(width)}  ${what(target)}`),
  ];
}

interface FailedTarget {
  readonly target: TargetState;
  readonly error: StepError;
}

export function failedTargets({ targets }: RunState): FailedTarget[] {
  return targets.flatMap((target) => (target.error === undefined ? [] : [{ target, error: target.error }]));
}

function statusText({ error, missing }: TargetState): string {
  if (error !== undefined) return padded(red('failed'), STATUS);
  return padded(missing.length === 0 ? 'ok' : 'not done', STATUS);
}

function what(target: TargetState): string {
  const there = target.pushed.filter(({ how }) => how !== 'left').map(({ ref }) => ref.tag);
  const left = target.pushed.filter(({ how }) => how === 'left').map(({ ref }) => ref.tag);
  const parts = [
    ['there', there],
    ['left alone', left],
    ['missing', missingTags(target)],
  ] as const;
  const told = parts.filter(([, tags]) => tags.length > 0).map(([name, tags]) => `${name} ${listed(tags)}`);
  return [...(target.error === undefined ? [] : [target.error.code]), ...told].join('; ');
}

function listed(tags: readonly string[]): string {
  const more = tags.length - MOST_TAGS;
  return `${tags.slice(0, MOST_TAGS).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
