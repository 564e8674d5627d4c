import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Secret } from './secret';

/** The label by which a run knows its own image again: JSON, one label for all (the classic builder commits each). */
export const RUN_LABEL = 'gocd-ecr-task.run';

/** Which run made an image. Empty texts outside GoCD. */
export interface RunMark {
  readonly pipeline: string;
  readonly counter: string;
  /** All materials, `NAME=revision`, in the order of their names. */
  readonly revision: string;
  /** Hash of the fields that decide what is in the image. */
  readonly fields: string;
}

/**
 * The label's text. Blank parts are left out. With a key (setting `reuse.key`) it carries an HMAC over run, fields and
 * repository: without it, labels are believed to whoever may push to the repository (security.md 19).
 */
export function writeRunLabel(mark: RunMark, repository: string, key: Secret | undefined): string {
  const parts = Object.entries(inOrder(mark)).filter(([, value]) => value !== '');
  const mac = key === undefined ? [] : [['mac', macOf(mark, repository, key)]];
  return JSON.stringify(Object.fromEntries([...parts, ...mac]));
}

/** undefined: no label of ours, or, where a key is set, one that was not written with it. */
export function readRunLabel(
  text: string | undefined,
  repository: string,
  key: Secret | undefined,
): RunMark | undefined {
  const parts = parse(text);
  if (parts === undefined) return undefined;
  const mark = inOrder({
    pipeline: textAt(parts, 'pipeline'),
    counter: textAt(parts, 'counter'),
    revision: textAt(parts, 'revision'),
    fields: textAt(parts, 'fields'),
  });
  if (key !== undefined && !sameText(textAt(parts, 'mac'), macOf(mark, repository, key))) return undefined;
  return mark;
}

export function sameRun(one: RunMark, other: RunMark): boolean {
  return JSON.stringify(inOrder(one)) === JSON.stringify(inOrder(other));
}

/** True where that image was made by a later run of the same pipeline. */
export function isLater(other: RunMark, ours: RunMark): boolean {
  if (ours.pipeline === '' || other.pipeline !== ours.pipeline) return false;
  const [theirs, own] = [Number(other.counter), Number(ours.counter)];
  return Number.isSafeInteger(theirs) && Number.isSafeInteger(own) && theirs > own;
}

function inOrder({ pipeline, counter, revision, fields }: RunMark): RunMark {
  return { pipeline, counter, revision, fields };
}

function macOf(mark: RunMark, repository: string, key: Secret): string {
  const { pipeline, counter, revision, fields } = mark;
  const text = JSON.stringify([pipeline, counter, revision, fields, repository]);
  return createHmac('sha256', key.reveal()).update(text).digest('hex');
}

function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function parse(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(text ?? '');
    return typeof json === 'object' && json !== null && !Array.isArray(json)
      ? (json as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function textAt(parts: Readonly<Record<string, unknown>>, name: string): string {
  const value = Object.hasOwn(parts, name) ? parts[name] : undefined;
  return typeof value === 'string' ? value : '';
}
