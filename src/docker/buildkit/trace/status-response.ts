import { fieldsOf, numberOf, textOf, type WireField } from '../wire/reader';

/** A node of the build's graph. It is told anew whenever something about it changes. */
export interface Vertex {
  readonly digest: string;
  readonly inputs: readonly string[];
  readonly name: string;
  readonly cached: boolean;
  /** By the daemon's clock, in milliseconds since the epoch. */
  readonly startedAt: number | undefined;
  readonly completedAt: number | undefined;
  /** Empty: none. */
  readonly error: string;
}

/** Progress within a vertex: a layer's download, a transfer, a part of the export. */
export interface VertexStatus {
  readonly id: string;
  readonly vertex: string;
  readonly name: string;
  readonly current: number;
  readonly total: number;
  readonly completed: boolean;
}

export interface VertexLog {
  readonly vertex: string;
  /** 1 stdout, 2 stderr. */
  readonly stream: number;
  /** Cut anywhere, in the middle of a character too. */
  readonly bytes: Buffer;
}

export interface VertexWarning {
  readonly vertex: string;
  readonly short: string;
  readonly url: string;
  /** Of the Dockerfile, from 1. */
  readonly line: number | undefined;
}

/** One message of `moby.buildkit.trace` or of Control/Status. */
export interface StatusResponse {
  readonly vertexes: readonly Vertex[];
  readonly statuses: readonly VertexStatus[];
  readonly logs: readonly VertexLog[];
  readonly warnings: readonly VertexWarning[];
}

/** Field numbers of buildkit/api/services/control/control.proto. Throws WireError. */
export function decodeStatus(message: Uint8Array): StatusResponse {
  const fields = [...fieldsOf(message)];
  const all = <T>(number: number, decode: (message: Buffer) => T): readonly T[] =>
    fields.flatMap((field) => (field.number === number && field.bytes !== undefined ? [decode(field.bytes)] : []));
  return { vertexes: all(1, vertex), statuses: all(2, status), logs: all(3, log), warnings: all(4, warning) };
}

function vertex(message: Buffer): Vertex {
  const fields = new Fields(message);
  return {
    digest: fields.text(1),
    inputs: fields.texts(2),
    name: fields.text(3),
    cached: fields.number(4) !== 0,
    startedAt: fields.time(5),
    completedAt: fields.time(6),
    error: fields.text(7),
  };
}

function status(message: Buffer): VertexStatus {
  const fields = new Fields(message);
  return {
    id: fields.text(1),
    vertex: fields.text(2),
    name: fields.text(3),
    current: fields.number(4),
    total: fields.number(5),
    completed: fields.time(8) !== undefined,
  };
}

function log(message: Buffer): VertexLog {
  const fields = new Fields(message);
  return { vertex: fields.text(1), stream: fields.number(3), bytes: fields.bytes(4) ?? Buffer.alloc(0) };
}

function warning(message: Buffer): VertexWarning {
  const fields = new Fields(message);
  return { vertex: fields.text(1), short: textOf(fields.last(3)), url: fields.text(5), line: lineOf(fields.bytes(7)) };
}

/** Range{1 start}, Position{1 line}. */
function lineOf(range: Buffer | undefined): number | undefined {
  const start = range === undefined ? undefined : new Fields(range).bytes(1);
  const line = start === undefined ? 0 : new Fields(start).number(1);
  return line > 0 ? line : undefined;
}

/** A message's fields by number; of one that comes several times the last counts, as protobuf has it. */
class Fields {
  readonly #fields: readonly WireField[];

  constructor(message: Buffer) {
    this.#fields = [...fieldsOf(message)];
  }

  last(number: number): WireField {
    return this.#fields.findLast((field) => field.number === number) ?? { number, varint: undefined, bytes: undefined };
  }

  bytes(number: number): Buffer | undefined {
    return this.last(number).bytes;
  }

  text(number: number): string {
    return textOf(this.last(number));
  }

  texts(number: number): readonly string[] {
    return this.#fields.filter((field) => field.number === number).map(textOf);
  }

  number(number: number): number {
    return numberOf(this.last(number));
  }

  /** google.protobuf.Timestamp{1 seconds, 2 nanos}. */
  time(number: number): number | undefined {
    const message = this.bytes(number);
    if (message === undefined) return undefined;
    const timestamp = new Fields(message);
    return timestamp.number(1) * 1000 + timestamp.number(2) / 1e6;
  }
}
