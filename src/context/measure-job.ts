import type { WalkJob } from './walk-job';

/** A context to be looked over, as data: it crosses to the worker. */
export interface MeasureJob extends WalkJob {
  readonly kind: 'measure';
}
