import type { IncomingMessage } from 'node:http';
import type { Endpoint } from './endpoint';
import { endedEarly, notDocker } from './errors/connection-errors';
import { isRecord, parseJson } from './json';
import { chunksOf, MAX_ANSWER_BYTES } from './request';

/** One line of a build's or a push's stream. What is of another type than it should be is left out. */
export interface DaemonMessage {
  readonly stream?: string;
  readonly status?: string;
  readonly id?: string;
  readonly progress?: { readonly current?: number; readonly total?: number };
  readonly aux?: Readonly<Record<string, unknown>>;
  /** `moby.buildkit.trace` has its message in base64. */
  readonly auxText?: string;
  readonly error?: string;
  /** The line as it came. */
  readonly line: string;
}

const NEWLINE = 0x0a;
const BEGINNING = 500;

/** Cuts bytes into lines. Only whole lines are decoded, so that no character is cut by a chunk's end. */
export class LineCutter {
  #rest: Buffer[] = [];
  #held = 0;

  constructor(
    private readonly limit: number,
    private readonly tooLong: () => Error,
  ) {}

  /** The lines that end in this chunk. */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      this.#hold(chunk.subarray(from, end));
      lines.push(this.end());
      from = end + 1;
    }
    this.#hold(chunk.subarray(from));
    return lines;
  }

  /** What is left without a newline. */
  end(): string {
    const [only, ...more] = this.#rest;
    const line = only === undefined ? '' : (more.length === 0 ? only : Buffer.concat(this.#rest)).toString('utf8');
    this.#rest = [];
    this.#held = 0;
    return line;
  }

  #hold(part: Buffer): void {
    if (part.length === 0) return;
    this.#held += part.length;
    if (this.#held > this.limit) throw this.tooLong();
    this.#rest.push(part);
  }
}

/**
 * Reads a daemon's stream of JSON lines to its end. A connection that breaks, a line that is no JSON and one beyond
 * 16 MiB are errors; whether the stream said what it had to say is for the caller to know.
 */
export async function readMessages(
  endpoint: Endpoint,
  response: IncomingMessage,
  signal: AbortSignal,
  /** `build`, `push`: what broke off, for the message. */
  what: string,
  take: (message: DaemonMessage) => void,
): Promise<void> {
  const { where } = endpoint;
  const cutter = new LineCutter(MAX_ANSWER_BYTES, () => notDocker(where, 'it sent a line longer than 16 MiB'));
  let taken = 0;
  const takeLine = (raw: string, isCut: boolean): void => {
    const line = raw.trimEnd(); // dockerd ends its lines with CR LF
    if (line === '') return;
    const message = parseMessage(line);
    if (message === undefined) {
      if (isCut && taken > 0) throw endedEarly(where, what);
      throw notDocker(where, 'it sent something else than JSON lines', line.slice(0, BEGINNING));
    }
    taken++;
    take(message);
  };
  for await (const chunk of chunksOf(endpoint, response, signal)) {
    for (const line of cutter.push(chunk)) takeLine(line, false);
  }
  takeLine(cutter.end(), true);
}

/** undefined: no JSON object. `errorDetail` has the exit code and stands first on some engines, last on others. */
export function parseMessage(line: string): DaemonMessage | undefined {
  const value = parseJson(line);
  if (!isRecord(value)) return undefined;
  const { stream, status, id, progressDetail, aux } = value;
  const error = errorOf(value);
  return {
    ...(typeof stream === 'string' && { stream }),
    ...(typeof status === 'string' && { status }),
    ...(typeof id === 'string' && { id }),
    ...(isRecord(progressDetail) && { progress: progressOf(progressDetail) }),
    ...(isRecord(aux) && { aux }),
    ...(typeof aux === 'string' && { auxText: aux }),
    ...(error !== undefined && { error }),
    line,
  };
}

function errorOf({ errorDetail, error }: Record<string, unknown>): string | undefined {
  if (isRecord(errorDetail) && typeof errorDetail['message'] === 'string' && errorDetail['message'] !== '') {
    return errorDetail['message'];
  }
  if (typeof error === 'string' && error !== '') return error;
  return (errorDetail ?? error ?? undefined) === undefined ? undefined : 'the daemon reported an error without a text';
}

function progressOf({ current, total }: Record<string, unknown>): { current?: number; total?: number } {
  return { ...(typeof current === 'number' && { current }), ...(typeof total === 'number' && { total }) };
}
