import { StepError } from '../../../domain/errors';
import { refName, type Digest, type Tag } from '../../../domain/image-ref';
import type { Plan } from '../../../domain/plan';
import type { RegistryImage } from '../../../domain/registry-image';
import { isLater } from '../../../domain/run-label';
import { tellTag, type Made } from '../../target';
import { giveTags, type Reached } from './give-tags';
import { runWords } from './run-words';

/** Ours, and once more where another run's put came between. */
const MOST_PUTS = 2;

/**
 * Moves tags to the image, but forwards only: what a later run of this pipeline made stays. They are read before the put
 * and after it, since ECR has no compare and swap; `alongside` is read with them.
 */
export async function moveFloating(
  reached: Reached,
  plan: Plan,
  image: RegistryImage,
  alongside: readonly Tag[],
): Promise<void> {
  const { target, report, signal } = reached;
  const made = new Map<Tag, Made>();
  let open: readonly Tag[] = target.tags.filter(({ floating }) => floating).map(({ tag }) => tag);
  for (let puts = 0; ; puts++) {
    const moving = await unsettled(reached, plan, image, open, made);
    if (moving.length === 0) return;
    if (puts === MOST_PUTS) throw await contended(reached, image, moving[0] as Tag);
    const put: Made[] = [];
    let isRead = false;
    try {
      await giveTags(reached, image, moving, (one) => put.push(one));
      isRead = await lookAgain(reached, [...moving, ...alongside], signal);
    } finally {
      for (const one of put) made.set(one.ref.tag, one);
      if (!isRead) for (const one of put) tellTag(target, one, report);
    }
    if (!isRead) return;
    open = moving;
  }
}

/** Tells those that are where they belong, and answers the others. */
async function unsettled(
  reached: Reached,
  plan: Plan,
  image: RegistryImage,
  tags: readonly Tag[],
  made: ReadonlyMap<Tag, Made>,
): Promise<readonly Tag[]> {
  const moving: Tag[] = [];
  for (const tag of tags) {
    const done = await settled(reached, plan, image, tag, made.get(tag));
    if (done === undefined) moving.push(tag);
    else tellTag(reached.target, done, reached.report);
  }
  return moving;
}

/** undefined: it is to be put. */
async function settled(
  reached: Reached,
  plan: Plan,
  image: RegistryImage,
  tag: Tag,
  put: Made | undefined,
): Promise<Made | undefined> {
  const { target, repository, report, signal } = reached;
  const found = await target.sightings.of(tag);
  const ref = { repository, tag };
  if (found === undefined) return undefined;
  if (found.digest === image.digest) return put ?? { ref, digest: found.digest, how: 'present' };
  // It may not move, and what it names is of this run as well: another attempt's image.
  if (target.find(tag)?.state === 'ours') return { ref, digest: found.digest, how: 'present' };
  const mark = await target.labels.mark(found, signal);
  if (mark !== undefined && mark !== 'unreadable' && isLater(mark, plan.run.mark)) {
    const run = runWords(mark, plan.run.mark);
    return { ref, digest: found.digest, how: 'left', ...(run !== undefined && { run }) };
  }
  const text = put === undefined ? blindMove(reached, tag, found.digest, mark) : undefined;
  if (text !== undefined) report({ type: 'note', text });
  return undefined;
}

function blindMove({ target }: Reached, tag: Tag, digest: Digest, mark: unknown): string | undefined {
  if (mark === undefined) return `Tag ${tag} is moved: its image ${digest} has no label that says which run made it`;
  if (mark !== 'unreadable') return undefined;
  return `Tag ${tag} is moved, whichever run made its image ${digest}: its labels cannot be read (${target.labels.trouble})`;
}

/** What has been put is put, and nothing is taken from that where it cannot be read. */
async function lookAgain({ target }: Reached, names: readonly Tag[], signal: AbortSignal): Promise<boolean> {
  if (!target.sees) return false;
  try {
    await target.sightings.look(names, signal);
    return true;
  } catch (error) {
    if (signal.aborted || !(error instanceof StepError)) throw error;
    return false;
  }
}

async function contended({ target, repository }: Reached, image: RegistryImage, tag: Tag): Promise<StepError> {
  const found = await target.sightings.of(tag);
  const message = `${refName({ repository, tag })} was moved to ${image.digest} ${MOST_PUTS} times, and each time somebody else moved it on: it now names ${found?.digest ?? 'nothing'}`;
  return new StepError('TAG_CONTENDED', 'agent-aws', 'environment', message, {
    hint: 'Others move this tag at the same moment: run this one again, or leave the tag to one pipeline',
  });
}
