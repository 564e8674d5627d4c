import { pipeline, type Readable } from 'node:stream';
import type { PackedContext } from '../../context/pack';
import { StepError } from '../../domain/errors';
import type { Report } from '../../pipeline/ports';
import { ContextProgress } from '../context-progress';
import { GzipMembers } from './gzip-members';

/** A build context on its way to the daemon. */
export interface Upload {
  readonly stream: Readable;
  /** Why the context could not be read, when that is what broke the request. */
  failure(): StepError | undefined;
  destroy(): void;
}

/** Sends a packed context through, telling how far it got; compressed where it crosses a network and that pays. */
export function startUpload(packed: PackedContext, compress: boolean, report: Report): Upload {
  const progress = new ContextProgress(report);
  const counter = progress.counter(async () => {
    const facts = await packed.facts();
    if (facts) progress.sent(facts);
  });
  let failure: Error | undefined;
  const note = (error: Error | null | undefined): void => {
    failure ??= error ?? undefined;
  };
  const stream = compress
    ? pipeline(packed.stream, counter, new GzipMembers(), note)
    : pipeline(packed.stream, counter, note);
  return {
    stream,
    failure: () => (failure === undefined || isOurDoing(failure) ? undefined : asStepError(failure)),
    destroy: () => void stream.destroy(), // docker-modem leaves it open when the daemon answers early
  };
}

/** What the streams say of each other's end when it was the request that ended. */
function isOurDoing(error: Error): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE' || error.name === 'AbortError';
}

function asStepError(cause: Error): StepError {
  if (cause instanceof StepError) return cause;
  return new StepError('CONTEXT_UNREADABLE', 'none', 'environment', 'The build context could not be read', {
    hint: "The agent's disk or a network folder may be out of order",
    words: cause.message,
    cause,
  });
}
