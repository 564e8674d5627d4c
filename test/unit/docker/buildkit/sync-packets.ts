import { FrameReader, frame } from '../../../../src/docker/buildkit/grpc/frames';
import { fieldsOf, numberOf, textOf, type WireField } from '../../../../src/docker/buildkit/wire/reader';
import { Writer } from '../../../../src/docker/buildkit/wire/writer';

/** A STAT as it came over the wire, decoded by the general codec and not by the code under test. */
export interface Stat {
  readonly path: string;
  readonly pathBytes: Buffer;
  readonly mode: number;
  readonly size: number;
  readonly modTime: bigint;
  readonly linkName: string;
  readonly linkBytes: Buffer;
  /** Numbers of fields that no sender of docker's fills, such as uid. */
  readonly others: readonly number[];
}

export interface Packet {
  readonly type: 'stat' | 'request' | 'data' | 'fin' | 'error';
  readonly stat: Stat | undefined;
  readonly id: number;
  readonly data: Buffer;
}

const TYPES = ['stat', 'request', 'data', 'fin', 'error'] as const;
const NOTHING = Buffer.alloc(0);

/** Takes packets out of bytes that are cut anywhere. */
export class PacketReader {
  readonly #frames = new FrameReader();

  push(bytes: Uint8Array): readonly Packet[] {
    return this.#frames.push(Buffer.from(bytes)).map(packetOf);
  }

  end(): void {
    this.#frames.end();
  }
}

function packetOf(message: Buffer): Packet {
  let [type, id] = [0, 0];
  let stat: Stat | undefined;
  let data: Buffer = NOTHING;
  for (const field of fieldsOf(message)) {
    if (field.number === 1) type = numberOf(field);
    else if (field.number === 2) stat = statOf(field.bytes!);
    else if (field.number === 3) id = numberOf(field);
    else if (field.number === 4) data = field.bytes!;
    else throw new Error(`a packet with a field ${field.number}`);
  }
  return { type: TYPES[type]!, stat, id, data };
}

function statOf(message: Buffer): Stat {
  const fields = new Map<number, WireField>();
  for (const field of fieldsOf(message)) fields.set(field.number, field);
  const [path, linkName] = [fields.get(1), fields.get(7)];
  const number = (field: number): number => (fields.has(field) ? numberOf(fields.get(field)!) : 0);
  return {
    path: path ? textOf(path) : '',
    pathBytes: path?.bytes ?? NOTHING,
    mode: number(2),
    size: number(5),
    modTime: BigInt.asIntN(64, fields.get(6)?.varint ?? 0n),
    linkName: linkName ? textOf(linkName) : '',
    linkBytes: linkName?.bytes ?? NOTHING,
    others: [...fields.keys()].filter((field) => ![1, 2, 5, 6, 7].includes(field)),
  };
}

export const REQ = (id: number | bigint): Buffer => frame(new Writer().number(1, 1).number(3, id).end());
export const FIN = frame(new Writer().number(1, 3).end());
export const ERR = (text: string): Buffer => frame(new Writer().number(1, 4).text(4, text).end());
