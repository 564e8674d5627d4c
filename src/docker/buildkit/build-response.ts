import { parseImageId, type ImageId } from '../../domain/image-ref';
import type { Report } from '../../pipeline/ports';
import type { DaemonMessage } from '../message-stream';
import { BuildFailure } from './build-failure';
import type { BuildTrace } from './trace/build-trace';
import { decodeStatus } from './trace/status-response';
import { WireError } from './wire/reader';

const TRACE = 'moby.buildkit.trace';
const IMAGE = 'moby.image.id';

/** Reads what POST /build answers, and knows whether the build has succeeded. */
export class BuildResponse {
  #imageId: ImageId | undefined;

  constructor(
    private readonly trace: BuildTrace,
    private readonly report: Report,
  ) {}

  take(message: DaemonMessage): void {
    if (message.error !== undefined) {
      this.report({ type: 'raw', text: message.line });
      throw new BuildFailure(message.error);
    }
    if (message.id === TRACE && message.auxText !== undefined)
      return takeStatus(message.auxText, this.trace, this.report);
    this.report({ type: 'raw', text: message.line });
    if (message.id === IMAGE && message.aux !== undefined) this.#imageId = parseImageId(message.aux['ID']);
  }

  /** The image; undefined: the stream ended before it named one. */
  get imageId(): ImageId | undefined {
    return this.#imageId;
  }
}

/** Progress decides nothing: what can't be read of it is told in the raw log only. */
function takeStatus(base64: string, trace: BuildTrace, report: Report): void {
  try {
    trace.take(decodeStatus(Buffer.from(base64, 'base64')));
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    report({ type: 'raw', text: `progress that can't be read (${error.message}): ${base64.slice(0, 200)}` });
  }
}
