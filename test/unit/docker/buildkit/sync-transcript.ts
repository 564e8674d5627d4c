import type { Producer } from '../../../../src/context/producer';
import { FIN, PacketReader, REQ, type Packet, type Stat } from './sync-packets';

// Go's io/fs.FileMode: a regular file has none of these.
const MODE_TYPE = 2 ** 31 + 2 ** 27 + 2 ** 26 + 2 ** 25 + 2 ** 24 + 2 ** 21 + 2 ** 19;

export interface Transcript {
  readonly stats: Stat[];
  readonly contents: Map<number, Buffer>;
  error: string | undefined;
  fin: boolean;
  bytes: number;
}

export function isRegular({ mode }: Stat): boolean {
  return Math.floor(mode / 2 ** 32) === 0 && (BigInt(mode) & BigInt(MODE_TYPE)) === 0n;
}

/** Takes all that a producer makes, asking for what `wanted` says, and checks the order of the packets. */
export function transcriptOf(
  producer: Producer,
  wanted: (stat: Stat, id: number) => boolean = (stat) => isRegular(stat) && stat.linkName === '',
  pieceBytes = 64 * 1024,
): Transcript {
  const transcript: Transcript = { stats: [], contents: new Map(), error: undefined, fin: false, bytes: 0 };
  const open = new Set<number>();
  let [lastStat, finished] = [false, false];
  const take = ({ type, stat, id, data }: Packet): void => {
    if (type === 'stat' && stat) {
      if (wanted(stat, transcript.stats.length)) {
        open.add(transcript.stats.length);
        producer.receive?.(REQ(transcript.stats.length));
      }
      transcript.stats.push(stat);
    } else if (type === 'stat') lastStat = true;
    else if (type === 'data') {
      if (!open.has(id)) throw new Error(`data of ${id}, which was not asked for or has ended`);
      if (data.length === 0) open.delete(id);
      transcript.contents.set(id, Buffer.concat([transcript.contents.get(id) ?? Buffer.alloc(0), data]));
    } else if (type === 'error') transcript.error = data.toString();
    else transcript.fin = true;
  };
  const reader = new PacketReader();
  for (;;) {
    const piece = producer.produce(pieceBytes);
    if (piece === 'ended') break;
    if (piece !== 'waiting') {
      transcript.bytes += piece.length;
      for (const packet of reader.push(piece)) take(packet);
    } else if (finished) throw new Error('it waits for ever');
    if (lastStat && open.size === 0) {
      if (finished) continue;
      finished = true;
      producer.receive?.(FIN);
    }
  }
  reader.end();
  return transcript;
}
