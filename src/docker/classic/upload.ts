import { pipeline, Transform, type Readable } from 'node:stream';
import type { PackedContext } from '../../context/pack';
import { StepError } from '../../domain/errors';
import type { Report } from '../../pipeline/ports';
import { GzipMembers } from './gzip-members';

/** How often progress is told. */
const STEP_BYTES = 4 * 1024 * 1024;

/** A build context on its way to the daemon. */
export interface Upload {
  readonly stream: Readable;
  /** Why the context could not be read, when that is what broke the request. */
  failure(): StepError | undefined;
  destroy(): void;
}

/** Sends a packed context through, telling how far it got; compressed where it crosses a network and that pays. */
export function startUpload(packed: PackedContext, compress: boolean, report: Report): Upload {
  const progress = new Progress(report);
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      progress.add(chunk.length);
      done(null, chunk);
    },
    flush(done) {
      void packed.facts().then((facts) => {
        if (facts) report({ type: 'context-sent', report: facts.report });
        for (const text of facts?.notes ?? []) report({ type: 'note', text });
        done();
      });
    },
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

class Progress {
  #bytes = 0;
  #told = 0;

  constructor(private readonly report: Report) {}

  add(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes - this.#told < STEP_BYTES) return;
    this.#told = this.#bytes;
    this.report({ type: 'context-progress', bytes: this.#bytes });
  }
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
