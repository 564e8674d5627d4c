import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { GzipDecision } from '../../../src/docker/classic/gzip-decision';
import { GzipMembers } from '../../../src/docker/classic/gzip-members';

const PIECE = 256 * 1024;
const MiB = 1024 * 1024;

interface Surroundings {
  /** MiB per second of input that zlib makes. */
  readonly zlib: number;
  /** MiB per second that the link takes, once its buffers are full. */
  readonly link: number;
  /** What is left of a piece. */
  readonly ratio: number;
  readonly buffers?: number;
}

/** How much of so many MiB was compressed, in a world without a clock. */
function compressed(total: number, { zlib, link, ratio, buffers = 0 }: Surroundings): number {
  let [now, drained, gzipped] = [0, 0, 0];
  const decision = new GzipDecision(now);
  for (let sent = 0; sent < total * MiB; sent += PIECE) {
    const level = decision.level();
    const ms = level === 1 ? (PIECE / MiB / zlib) * 1000 : 0.01;
    const to = level === 1 ? PIECE * ratio : PIECE;
    now += ms;
    decision.sent({ level, from: PIECE, to, ms, at: now });
    if (level === 1) gzipped += PIECE;
    drained = Math.max(drained, now) + (to / MiB / link) * 1000;
    now = Math.max(now, drained - (buffers / link) * 1000);
  }
  return gzipped / (total * MiB);
}

describe('gzip pays', () => {
  test('where the link is slower than zlib, whatever its buffers swallow at first', () => {
    expect(compressed(1000, { zlib: 100, link: 10, ratio: 0.3 })).toBe(1);
    expect(compressed(1000, { zlib: 100, link: 1, ratio: 0.3, buffers: 3 })).toBe(1);
    expect(compressed(1000, { zlib: 100, link: 10, ratio: 0.3, buffers: 8 })).toBeGreaterThan(0.98);
  });

  test('not where the link takes more than zlib makes, but for a try now and then', () => {
    expect(compressed(1000, { zlib: 100, link: 1000, ratio: 0.5 })).toBeLessThan(0.1);
    expect(compressed(1000, { zlib: 100, link: 1000, ratio: 0.5, buffers: 4 })).toBeLessThan(0.1);
  });

  test('where the link waits for zlib, and would take even less of it plain', () => {
    expect(compressed(2000, { zlib: 100, link: 60, ratio: 0.3, buffers: 1 })).toBeGreaterThan(0.9);
  });

  test('not for what hardly shrinks: one piece of eight is tried', () => {
    expect(compressed(1000, { zlib: 100, link: 10, ratio: 0.99 })).toBe(0.125);
  });
});

test('members that follow each other are one text, whatever was compressed of it', async () => {
  const parts = [
    Buffer.alloc(600_000, 'text '),
    randomBytes(1_000_000),
    Buffer.alloc(4_000_000, 'more'),
    Buffer.from('end'),
  ];
  const whole = Buffer.concat(parts);
  const pieces = Array.from({ length: Math.ceil(whole.length / PIECE) }, (_, i) =>
    whole.subarray(i * PIECE, (i + 1) * PIECE),
  );
  const members: Buffer[] = [];
  for await (const member of Readable.from(pieces, { objectMode: false }).pipe(new GzipMembers()))
    members.push(member as Buffer);
  const sent = Buffer.concat(members);
  expect(gunzipSync(sent).equals(whole)).toBe(true);
  expect(sent.length).toBeLessThan(1_000_000 + 8 * PIECE); // of 5.6 MB
  expect(members).toHaveLength(pieces.length);
});
