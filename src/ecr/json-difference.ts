/** Where two JSON documents part first, as a path with the value on each side; undefined: they say the same. */
export interface Difference {
  /** `rules[0].selection.countNumber`; empty: the whole document. */
  readonly path: string;
  readonly wanted: unknown;
  readonly found: unknown;
}

/**
 * Compares lifecycle and repository policies by content. AWS gives them back in another layout, and in IAM's grammar a
 * text and a list of that one text are the same, the order of texts in a list says nothing, an account's number is its
 * root, and a rule's place is its rulePriority.
 */
export function firstDifference(wanted: unknown, found: unknown): Difference | undefined {
  return compare(canonical(wanted), canonical(found), '');
}

function compare(wanted: unknown, found: unknown, path: string): Difference | undefined {
  if (!isContainer(wanted) || !isContainer(found) || Array.isArray(wanted) !== Array.isArray(found)) {
    return JSON.stringify(wanted) === JSON.stringify(found) ? undefined : { path, wanted, found };
  }
  const names = [...new Set([...Object.keys(wanted), ...Object.keys(found)])];
  for (const name of names) {
    const next = Array.isArray(wanted) ? `${path}[${name}]` : `${path}${path === '' ? '' : '.'}${name}`;
    const difference = compare(wanted[name], found[name], next);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return canonicalList(value.map(canonical));
  if (isContainer(value)) {
    const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
    return Object.fromEntries(entries.map(([name, each]) => [name, canonical(each)]));
  }
  return typeof value === 'string' ? value.replace(/^arn:[a-z-]+:iam::(\d{12}):root$/, '$1') : value;
}

function canonicalList(list: readonly unknown[]): unknown {
  if (list.length > 0 && list.every((each) => typeof each === 'string')) {
    const texts = [...list].sort();
    return texts.length === 1 ? texts[0] : texts;
  }
  return [...list].sort((one, other) => priorityOf(one) - priorityOf(other));
}

/** Equal where there is none, so that the order stays. */
function priorityOf(rule: unknown): number {
  const priority = isContainer(rule) ? rule['rulePriority'] : undefined;
  return typeof priority === 'number' ? priority : 0;
}
