/** The parts of a run that a user sees, in this order. */
export type Phase = 'preflight' | 'login' | 'build' | 'push' | 'verify' | 'cleanup';

/** Why a run ends before its end; the reason of the abort signal that goes through everything. */
export type CancelReason = 'signal' | 'disconnect' | 'parent-gone' | 'timeout';
