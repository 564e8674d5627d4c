import type { Producer } from '../../../context/producer';
import { walkOptions, type WalkJob } from '../../../context/walk-job';
import type { SyncRequest } from '../offer';
import { DiskTree } from './disk-tree';
import { excluding, Filters, including, type Patterns } from './filters';
import { dedupePaths, followLinks } from './follow-links';
import { SyncProducer } from './sync-producer';
import type { Tree } from './tree';

/** One DiffCopy of a folder, as data: it crosses to the worker. */
export interface SyncJob extends WalkJob {
  readonly kind: 'sync';
  /** What the frontend asks for: it narrows what the ignore rules leave, whatever it says. */
  readonly request: SyncRequest;
}

/** Sends a folder as BuildKit asks for it. */
export function createSyncProducer(job: SyncJob): Producer {
  return new SyncProducer(() => treeOf(job));
}

function treeOf(job: SyncJob): Tree {
  const options = walkOptions(job, () => undefined);
  const narrowing = narrowingOf(job);
  if (narrowing.length === 0) return new DiskTree(options);
  const matcher = new Filters([excluding(job.ignore), ...narrowing]);
  return new DiskTree({ ...options, matcher });
}

function narrowingOf({ root, ignore, request }: SyncJob): readonly Patterns[] {
  const narrowing: Patterns[] = [];
  // A frontend reads the same ignore file; matching each path twice would only take time.
  if (!sameTexts(request.excludePatterns, ignore)) narrowing.push(excluding(request.excludePatterns));
  const wanted = wantedOf(root, request);
  if (wanted.length > 0) narrowing.push(including(wanted));
  return narrowing;
}

/** Patterns of what is wanted; none: everything (fsutil: filter.go, NewFilterFS). */
function wantedOf(root: string, { includePatterns, followPaths }: SyncRequest): readonly string[] {
  if (followPaths.length === 0) return includePatterns;
  const followed = followLinks(root, followPaths);
  return followed ? (dedupePaths([...includePatterns, ...followed]) ?? []) : includePatterns;
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}
