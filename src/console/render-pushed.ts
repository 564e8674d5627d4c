import { repositoryName } from '../domain/image-ref';
import type { PushedTag, TagMade } from '../domain/outcome';
import { green } from './paint';
import { row } from './render-layout';
import { leftAt } from './render-push';
import { ofRun, tagFact } from './render-tags';
import type { RenderState } from './render-state';

const CHANGED: readonly TagMade[] = ['pushed', 'put'];

/** One heading for each digest of a repository: it is the reference to copy. The tags beneath name it. */
export function pushedLines(state: RenderState, pushed: readonly PushedTag[]): string[] {
  const width = Math.max(0, ...pushed.map(({ ref }) => ref.tag.length));
  return grouped(pushed).flatMap(({ name, tags }) => [
    `${green(tags.some(({ how }) => CHANGED.includes(how)) ? 'PUSHED' : 'PRESENT')} ${name}`,
    ...tags.map((tag, index) =>
      row(index === 0 ? 'tags' : '', `${tag.ref.tag.padEnd(width)}  ${tagHistory(state, tag)}`.trimEnd()),
    ),
  ]);
}

interface Group {
  readonly name: string;
  readonly tags: readonly PushedTag[];
}

/** A tag that was left names another image: it is told beneath the one that it was to name. */
function grouped(pushed: readonly PushedTag[]): Group[] {
  const groups = new Map<string, PushedTag[]>();
  const last = new Map<string, string>();
  const inTurn = [...pushed.filter(({ how }) => how !== 'left'), ...pushed.filter(({ how }) => how === 'left')];
  for (const tag of inTurn) {
    const repository = repositoryName(tag.ref.repository);
    const own = `${repository}@${tag.digest}`;
    const name = tag.how === 'left' ? (last.get(repository) ?? own) : own;
    last.set(repository, last.get(repository) ?? name);
    groups.set(name, [...(groups.get(name) ?? []), tag]);
  }
  return [...groups].map(([name, tags]) => ({ name, tags }));
}

/** How the tag came to name it. The former digest is whole: it is the way back. */
function tagHistory(state: RenderState, { ref, digest, previous, how }: PushedTag): string {
  const before = tagFact(state, repositoryName(ref.repository), ref.tag);
  if (how === 'left') return `left at ${leftAt(state, ref, digest)}`;
  if (how === 'present') return 'there already';
  if (previous === digest) return 'named this image before';
  if (previous !== undefined) return `moved from ${previous}${ofRun(before?.run)}`;
  const first = before?.state === 'free' ? 'new' : '';
  return how === 'put' ? [first, 'put beside it'].filter((part) => part !== '').join(', ') : first;
}
