import { sameRun, type RunMark } from '../../../domain/run-label';

// GoCD's own grammar of names (com.thoughtworks.go NameTypeValidator). A label is what its pusher wrote into it: what is no
// name and no number is not repeated.
const PIPELINE = /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,254}$/;
const COUNTER = /^[0-9]{1,10}$/;

/** `run 41`, `run 7 of pipeline cart-release`, as this run would call that one; undefined: the label does not tell. */
export function runWords(other: RunMark | undefined, own: RunMark): string | undefined {
  if (other === undefined || !COUNTER.test(other.counter) || !PIPELINE.test(other.pipeline)) return undefined;
  const run = `run ${other.counter}`;
  if (other.pipeline !== own.pipeline) return `${run} of pipeline ${other.pipeline}`;
  if (other.counter !== own.counter || sameRun(other, own)) return run;
  return `${run} with other ${other.fields === own.fields ? 'revisions' : 'fields'}`;
}
