import { StepError } from '../../../domain/errors';
import type { Plan } from '../../../domain/plan';
import type { TagState } from './tag-state';

/** Where a tag is, in words. */
export interface TagPlace {
  readonly path: string;
  /** `IMMUTABLE`; undefined: not known. */
  readonly mutability: string | undefined;
}

/** What is there stays, and is not this run's image. */
export function refusalOf(tag: TagState, place: TagPlace, { existingTag, source }: Plan): StepError {
  if (tag.floating || existingTag === 'overwrite') return immutable(tag, place);
  if (existingTag === 'fail') return exists(tag, place);
  return foreign(tag, place, source === undefined ? "this run's image" : `the image ${source} of field Source`);
}

/** The same, of a tag whose labels told nothing, once the image is there. */
export function refusalAfterBuild(tag: TagState, place: TagPlace, existing: Plan['existingTag']): StepError {
  const allowsReuse = existing === 'reuse' && !tag.floating;
  return allowsReuse ? foreign(tag, place, 'the image that was built') : immutable(tag, place);
}

function foreign(tag: TagState, { path }: TagPlace, ours: string): StepError {
  const message = `Tag ${tag.tag} of ${path} is already there and is not ${ours}: ${whatIsThere(tag)}`;
  return new StepError('TAG_FOREIGN', 'none', 'config', message, {
    hint: 'A tag that should move belongs in FloatingTags; to replace it, set ExistingTag=overwrite',
  });
}

function exists(tag: TagState, { path }: TagPlace): StepError {
  const message = `Tag ${tag.tag} of ${path} is already there, and ExistingTag=fail: ${whatIsThere(tag)}`;
  return new StepError('TAG_EXISTS', 'none', 'config', message, {
    hint: 'Give this run a tag of its own; ExistingTag=reuse lets a rerun find its own image again',
  });
}

function immutable(tag: TagState, { path, mutability }: TagPlace): StepError {
  const message = `Tag ${tag.tag} of ${path} names another image, and the repository (${mutability ?? 'mutability unknown'}) does not let it move: ${whatIsThere(tag)}`;
  const hint = tag.floating
    ? `Add an exclusion filter for ${tag.tag} to the repository's imageTagMutability, or take the tag out of FloatingTags`
    : 'Give this run a tag of its own: in this repository ExistingTag=overwrite cannot replace it';
  return new StepError('TAG_IMMUTABLE', 'none', 'config', message, { hint });
}

/** `sha256:…, pushed 2026-11-23T10:00:00Z by run 41`, with what is known of it. */
function whatIsThere({ image, since, run }: TagState): string {
  const by = run === undefined ? '' : ` by ${run}`;
  if (since === undefined) return `${image?.digest ?? 'an image'}${by === '' ? '' : `, made${by}`}`;
  return `${image?.digest ?? 'an image'}, pushed ${new Date(since).toISOString().replace('.000Z', 'Z')}${by}`;
}
