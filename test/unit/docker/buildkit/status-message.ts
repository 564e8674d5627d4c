import { Writer } from '../../../../src/docker/buildkit/wire/writer';

interface VertexFields {
  readonly digest: string;
  readonly name: string;
  readonly inputs?: readonly string[];
  readonly cached?: boolean;
  readonly started?: number;
  readonly completed?: number;
  readonly error?: string;
}

interface LogFields {
  readonly vertex: string;
  readonly stream?: number;
  readonly bytes: Buffer;
}

interface StatusFields {
  readonly id: string;
  readonly vertex: string;
  readonly current?: number;
  readonly total?: number;
  readonly completed?: boolean;
}

/** Milliseconds since the epoch. */
function timestamp(ms: number): Writer {
  return new Writer().number(1, Math.floor(ms / 1000)).number(2, Math.round((ms % 1000) * 1e6));
}

function vertex({ digest, name, inputs = [], cached = false, started, completed, error }: VertexFields): Writer {
  const writer = new Writer().text(1, digest).texts(2, inputs).text(3, name).flag(4, cached);
  if (started !== undefined) writer.message(5, timestamp(started));
  if (completed !== undefined) writer.message(6, timestamp(completed));
  return writer.text(7, error);
}

/** A StatusResponse as BuildKit writes it. */
export function statusMessage(parts: {
  readonly vertexes?: readonly VertexFields[];
  readonly statuses?: readonly StatusFields[];
  readonly logs?: readonly LogFields[];
  readonly warnings?: readonly { readonly short: string; readonly line?: number; readonly url?: string }[];
}): Buffer {
  const message = new Writer();
  for (const one of parts.vertexes ?? []) message.message(1, vertex(one));
  for (const { id, vertex: digest, current, total, completed } of parts.statuses ?? []) {
    const status = new Writer().text(1, id).text(2, digest).number(4, current).number(5, total);
    message.message(2, completed === true ? status.message(8, timestamp(1)) : status);
  }
  for (const { vertex: digest, stream = 1, bytes } of parts.logs ?? []) {
    message.message(3, new Writer().text(1, digest).number(3, stream).bytes(4, bytes));
  }
  for (const { short, line, url } of parts.warnings ?? []) {
    const range = new Writer().message(1, new Writer().number(1, line));
    const warning = new Writer().text(1, 'v').number(2, 1).bytes(3, Buffer.from(short)).text(5, url);
    message.message(4, line === undefined ? warning : warning.message(7, range));
  }
  return message.end();
}
