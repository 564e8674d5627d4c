import type { TagFound } from '../../../domain/events';
import type { Tag } from '../../../domain/image-ref';
import type { Plan } from '../../../domain/plan';
import type { RegistryImage } from '../../../domain/registry-image';

/** A tag that the run is to set, and what it names before. */
export interface TagState {
  readonly tag: Tag;
  readonly floating: boolean;
  readonly state: TagFound;
  /** The repository's mutability does not let it move. */
  readonly fixed: boolean;
  /** undefined: nothing, or it could not be asked. */
  readonly image: RegistryImage | undefined;
  /** `run 41`; undefined: not known, or not asked. */
  readonly run: string | undefined;
  /** When the image was pushed, in milliseconds since the epoch. */
  readonly since: number | undefined;
}

/** What was found under a tag. */
export type Found =
  | { readonly kind: 'denied' }
  | { readonly kind: 'nothing' }
  /** `ours`: whether it is this run's image; undefined: that cannot be told before there is an image to compare with. */
  | { readonly kind: 'image'; readonly ours: boolean | undefined };

type Rules = Pick<TagState, 'floating' | 'fixed'>;

/** Does it matter whose image a tag names? Of a tag that moves freely it does not, of one that must be free neither. */
export function needsProof({ floating, fixed }: Rules, existing: Plan['existingTag']): boolean {
  if (floating || existing === 'overwrite') return fixed;
  return existing === 'reuse';
}

/** `foreign` is an error: what is there stays, and it is not this run's. */
export function stateOf(found: Found, rules: Rules, existing: Plan['existingTag']): TagFound {
  if (found.kind === 'denied') return 'unknown';
  if (found.kind === 'nothing') return 'free';
  if (!needsProof(rules, existing)) return rules.floating || existing === 'overwrite' ? 'moves' : 'foreign';
  if (found.ours === undefined) return 'undecided';
  return found.ours ? 'ours' : 'foreign';
}
