import type { Problem } from '../domain/errors';
import type { Tag } from '../domain/image-ref';
import { fieldNamed } from './fields';
import { parseTagText } from './grammar';
import type { Read, Reading } from './reading';
import type { Task } from './task';

const DEFAULT_TAG = fieldNamed('Tags')?.default ?? '';

/** Each tag once, in the order given; at least one. */
export function readTags(reading: Reading): Read<Tag>[] {
  const before = reading.problems.length;
  const tags = tagsOf(reading, 'Tags');
  const expected = reading.knowsAll('Tags') && reading.problems.length === before;
  if (tags.length === 0 && expected)
    reading.problem('Tags', `${reading.quote(reading.typed('Tags') || DEFAULT_TAG)} leaves no tag`);
  return tags;
}

export function readFloatingTags(reading: Reading): Read<Tag>[] {
  return tagsOf(reading, 'FloatingTags');
}

function tagsOf(reading: Reading, key: 'Tags' | 'FloatingTags'): Read<Tag>[] {
  const tags = new Map<Tag, Read<Tag>>();
  for (const tag of reading.many(key, parseTagText)) {
    if (tags.has(tag.value)) reading.notes.push(`${key}: ${tag.value} is given twice and pushed once`);
    else tags.set(tag.value, tag);
  }
  return [...tags.values()];
}

/** Nobody could tell whether such a tag is to stay or to move. */
export function tagsInBoth({ tags, floatingTags }: Task): Problem[] {
  const identity = new Set(tags.map(({ value }) => value));
  return floatingTags
    .filter(({ value }) => identity.has(value))
    .map(({ value }) => ({
      field: 'FloatingTags',
      message: `${value} is also in Tags: a tag either stays with its image (Tags) or moves on (FloatingTags)`,
    }));
}
