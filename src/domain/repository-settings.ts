/** How a repository is to be: field RepositorySettings. What is undefined is left to AWS's default, and not compared. */
export interface RepositorySettings {
  readonly imageTagMutability: TagMutability | undefined;
  /** `latest*`; only with the two `…_WITH_EXCLUSION`. */
  readonly imageTagMutabilityExclusionFilters: readonly string[];
  readonly scanOnPush: boolean | undefined;
  readonly encryption:
    { readonly type: 'AES256' | 'KMS' | 'KMS_DSSE'; readonly kmsKey: string | undefined } | undefined;
  /** JSON text, as it is sent. */
  readonly lifecyclePolicy: string | undefined;
  /** JSON text, as it is sent. */
  readonly repositoryPolicy: string | undefined;
  readonly tags: ReadonlyMap<string, string>;
}

export type TagMutability = 'MUTABLE' | 'IMMUTABLE' | 'MUTABLE_WITH_EXCLUSION' | 'IMMUTABLE_WITH_EXCLUSION';

/** One setting in which an existing repository is not as the task's field says; nothing is changed. */
export interface Drift {
  /** `scanOnPush`, `lifecyclePolicy` */
  readonly setting: string;
  /** In a few words, on one line. */
  readonly wanted: string;
  readonly found: string;
}

/** May a tag that exists be moved? `undefined` mutability is one that could not be asked for. */
export function isFixed(mutability: string | undefined, exclusions: readonly string[], tag: string): boolean {
  const excluded = exclusions.some((filter) => matchesFilter(filter, tag));
  if (mutability === 'IMMUTABLE_WITH_EXCLUSION') return !excluded;
  if (mutability === 'MUTABLE_WITH_EXCLUSION') return excluded;
  return mutability === 'IMMUTABLE';
}

/** ECR's wildcard filters know `*` alone. Without backtracking: the parts are found one after another. */
function matchesFilter(filter: string, tag: string): boolean {
  const [first = '', ...rest] = filter.split('*');
  if (!tag.startsWith(first)) return false;
  const last = rest.pop();
  if (last === undefined) return tag === filter;
  let at = first.length;
  for (const part of rest) {
    const found = tag.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return tag.length - last.length >= at && tag.endsWith(last);
}
