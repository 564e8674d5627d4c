import type { Mutability, RepositoryOptions } from './orders';

export interface Repository {
  readonly name: string;
  readonly mutability: Mutability;
  readonly exclusions: readonly string[];
  readonly createdAt: number;
  /** digest → when it was pushed */
  readonly pushed: Map<string, number>;
  /** Input of CreateRepository and of what was set later, by operation */
  readonly settings: Map<string, unknown>;
}

/** The repositories of one registry: the real registry behind it would take any name. */
export class RepositoryBook {
  private readonly byName = new Map<string, Repository>();

  create(name: string, options: RepositoryOptions, now: number): Repository {
    const mutability = options.mutability ?? (options.immutable === true ? 'IMMUTABLE' : 'MUTABLE');
    const before = this.byName.get(name);
    const made: Repository = {
      name,
      mutability,
      exclusions: options.exclusions ?? [],
      createdAt: before?.createdAt ?? now,
      pushed: before?.pushed ?? new Map<string, number>(),
      settings: before?.settings ?? new Map<string, unknown>(),
    };
    this.byName.set(name, made);
    return made;
  }

  find(name: string): Repository | undefined {
    return this.byName.get(name);
  }

  all(): Repository[] {
    return [...this.byName.values()];
  }
}

function matches(filter: string, tag: string): boolean {
  const pattern = filter
    .split('*')
    .map((part) => part.replace(/[^A-Za-z0-9_-]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${pattern}$`).test(tag);
}

/** May this tag, which exists, be moved? */
export function isFixed(repository: Repository, tag: string): boolean {
  const excluded = repository.exclusions.some((filter) => matches(filter, tag));
  switch (repository.mutability) {
    case 'MUTABLE':
      return false;
    case 'IMMUTABLE':
      return true;
    case 'IMMUTABLE_WITH_EXCLUSION':
      return !excluded;
    case 'MUTABLE_WITH_EXCLUSION':
      return excluded;
  }
}
