import type { Entry } from './tree';
import { putVarint, putVarint64, varintLength } from './varint';

// fsutil: types/wire.proto. A STAT packet's type is 0 and left out.
const [DATA, FIN, ERR] = [2, 3, 4];
// Tags: field number << 3 | wire type; wire type 0 is a varint, 2 is bytes.
const PACKET = { type: 0x08, stat: 0x12, id: 0x18, data: 0x22 } as const;
const STAT = { path: 0x0a, mode: 0x10, size: 0x28, modTime: 0x30, linkName: 0x3a } as const;
const PREFIX_BYTES = 5; // gRPC: one for compression, four for the length
const SHORT = 0x80; // a length below this takes one byte
// All of a STAT but path and link name: the prefix, tags, lengths and numbers at their longest.
const STAT_OVERHEAD_BYTES = 64;
const LAST_STAT = Buffer.from([0, 0, 0, 0, 0]); // an empty packet
const UTF8_BYTES_PER_UNIT = 3;
const MAX_ERROR_BYTES = 4096;

/** Room for any one packet but DATA: Linux has paths and link targets of at most 4095 bytes, each reckoned as three. */
export const SMALLEST_PIECE_BYTES = 32 * 1024;

/** Packets of fsutil's DiffCopy, each as one gRPC message, one behind the other in one buffer. */
export class Piece {
  #at = 0;

  /** `buffer`: memory of its own, of at least SMALLEST_PIECE_BYTES. */
  constructor(private readonly buffer: Buffer) {}

  get length(): number {
    return this.#at;
  }

  get room(): number {
    return this.buffer.length - this.#at;
  }

  get bytes(): Buffer {
    return this.buffer.subarray(0, this.#at);
  }

  /** False: there is no room for it. */
  stat(entry: Entry): boolean {
    const { path, rawPath, mode, size, mtimeNs, linkName } = entry;
    if (this.room < STAT_OVERHEAD_BYTES + atMost(rawPath ?? path) + atMost(linkName ?? '')) return false;
    const { buffer } = this;
    const start = this.#at + PREFIX_BYTES + 2;
    let at = putBytes(buffer, start, STAT.path, rawPath ?? path);
    at = putNumber(buffer, at, STAT.mode, mode);
    if (size !== 0) at = putNumber(buffer, at, STAT.size, size);
    if (mtimeNs !== 0n) {
      buffer[at++] = STAT.modTime;
      at = putVarint64(buffer, at, mtimeNs);
    }
    if (linkName !== undefined) at = putBytes(buffer, at, STAT.linkName, linkName);
    this.#closeStat(start, at);
    return true;
  }

  /** The packet that ends the stats. */
  lastStat(): boolean {
    if (this.room < LAST_STAT.length) return false;
    this.#at += LAST_STAT.copy(this.buffer, this.#at);
    return true;
  }

  /** How many bytes of content a DATA packet can still take; less than 1: none. */
  dataRoom(id: number): number {
    return this.room - this.#dataHeaderLength(id, this.buffer.length);
  }

  /** A DATA packet whose content `read` fills in; when that throws, there is none. */
  data(id: number, length: number, read: (buffer: Buffer, at: number, length: number) => void): void {
    const header = this.#dataHeaderLength(id, length);
    let at = this.#header(header - PREFIX_BYTES + length);
    at = this.#typeAndId(at, DATA, id);
    this.buffer[at++] = PACKET.data;
    at = putVarint(this.buffer, at, length);
    read(this.buffer, at, length);
    this.#at = at + length;
  }

  /** The packet that ends a file. False: there is no room for it. */
  dataEnd(id: number): boolean {
    const length = 2 + idLength(id);
    if (this.room < PREFIX_BYTES + length) return false;
    this.#at = this.#typeAndId(this.#header(length), DATA, id);
    return true;
  }

  fin(): boolean {
    if (this.room < PREFIX_BYTES + 2) return false;
    this.#at = this.#typeAndId(this.#header(2), FIN, 0);
    return true;
  }

  error(text: string): void {
    const bytes = Buffer.from(text, 'utf8').subarray(0, MAX_ERROR_BYTES);
    const at = this.#typeAndId(this.#header(2 + 1 + varintLength(bytes.length) + bytes.length), ERR, 0);
    this.#at = putBytes(this.buffer, at, PACKET.data, bytes);
  }

  /** The lengths stand before what they count; a long stat moves up to make room for its own. */
  #closeStat(start: number, end: number): void {
    const { buffer } = this;
    const length = end - start;
    const extra = length < SHORT ? 0 : varintLength(length) - 1;
    if (extra > 0) buffer.copyWithin(start + extra, start, end);
    const at = this.#header(2 + extra + length);
    buffer[at] = PACKET.stat;
    putVarint(buffer, at + 1, length);
    this.#at = end + extra;
  }

  #header(length: number): number {
    this.buffer[this.#at] = 0;
    this.buffer.writeUInt32BE(length, this.#at + 1);
    return this.#at + PREFIX_BYTES;
  }

  #typeAndId(from: number, type: number, id: number): number {
    this.buffer[from] = PACKET.type;
    this.buffer[from + 1] = type;
    return id === 0 ? from + 2 : putNumber(this.buffer, from + 2, PACKET.id, id);
  }

  #dataHeaderLength(id: number, length: number): number {
    return PREFIX_BYTES + 2 + idLength(id) + 1 + varintLength(length);
  }
}

function idLength(id: number): number {
  return id === 0 ? 0 : 1 + varintLength(id);
}

function atMost(text: string | Buffer): number {
  return typeof text === 'string' ? text.length * UTF8_BYTES_PER_UNIT : text.length;
}

function putNumber(buffer: Buffer, at: number, tag: number, value: number): number {
  buffer[at] = tag;
  return putVarint(buffer, at + 1, value);
}

function putBytes(buffer: Buffer, at: number, tag: number, value: string | Buffer): number {
  if (typeof value === 'string') {
    const end = putAscii(buffer, at, tag, value);
    if (end >= 0) return end;
  }
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  buffer[at] = tag;
  const from = putVarint(buffer, at + 1, bytes.length);
  return from + bytes.copy(buffer, from);
}

/** Most names are ASCII, for which this is twice as fast as Buffer's own; -1: this one is not. */
function putAscii(buffer: Buffer, at: number, tag: number, text: string): number {
  buffer[at] = tag;
  const from = putVarint(buffer, at + 1, text.length);
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= SHORT) return -1;
    buffer[from + index] = code;
  }
  return from + text.length;
}
