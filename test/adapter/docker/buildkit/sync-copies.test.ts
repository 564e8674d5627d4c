import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSyncProducer } from '../../../../src/docker/buildkit/file-sync/sync-job';
import { makeTree, type Node } from '../../../unit/docker/buildkit/sync-tree';
import { FIN, PacketReader, REQ } from '../../../unit/docker/buildkit/sync-packets';
import { isRegular, transcriptOf } from '../../../unit/docker/buildkit/sync-transcript';
import { receive } from './sync-receiver';
import { described, EVERYTHING, SyncScene } from './sync-scene';

let scene: SyncScene;
beforeEach(() => (scene = new SyncScene()));
afterEach(() => scene.remove());

const seconds = 1_600_000_000;
const ZOO: readonly Node[] = [
  { path: 'empty', kind: 'folder', mode: 0o755, seconds },
  { path: 'sticky', kind: 'folder', mode: 0o3777, seconds: 1 },
  { path: 'sticky/deep', kind: 'folder', mode: 0o700, seconds: 2 },
  { path: 'sticky/deep/file', kind: 'file', mode: 0o4750, content: 'x', seconds: 3, nanos: 500_000_000 },
  { path: 'zero', kind: 'file', mode: 0o600, seconds: 0 },
  { path: 'name with a \n line', kind: 'file', mode: 0o644, content: 'line', seconds },
  { path: '\ufffd𝒳日本', kind: 'file', mode: 0o644, content: '日本', seconds },
  { path: 'first', kind: 'file', mode: 0o640, content: 'shared', seconds },
  { path: 'second', kind: 'hardlink', mode: 0, target: 'first', seconds },
  { path: 'sticky/third', kind: 'hardlink', mode: 0, target: 'first', seconds },
  { path: 'link', kind: 'symlink', mode: 0, target: 'sticky/../first', seconds: 7 },
  { path: 'dangling', kind: 'symlink', mode: 0, target: '/no/such/\ntarget', seconds: 8 },
  { path: 'big', kind: 'file', mode: 0o644, content: randomBytes(700_000).toString('hex'), seconds },
];

test('a copy has the names, modes, times, contents and links of the original', async () => {
  makeTree(scene.from, ZOO);
  const { error, failure } = await receive(scene.open(), scene.into);
  expect({ error, failure }).toEqual({});
  expect(described(scene.into)).toEqual(described(scene.from));
  expect(described(scene.from)).toHaveLength(ZOO.length);
});

test('the requests may be cut anywhere', async () => {
  makeTree(scene.from, ZOO);
  await receive(scene.open(), scene.into, { cut: 1 });
  expect(described(scene.into)).toEqual(described(scene.from));
});

test('times keep their nanoseconds', async () => {
  writeFileSync(join(scene.from, 'file'), '');
  execFileSync('touch', ['--date=@1700000000.123456789', join(scene.from, 'file')]);
  const { stats } = await receive(scene.open(), scene.into);
  expect(stats[0]?.modTime).toBe(1_700_000_000_123_456_789n);
});

test('names and targets that are no UTF-8 keep their bytes', async () => {
  const name = Buffer.from([0x66, 0xff, 0x6f, 0xc3]);
  const folder = Buffer.concat([Buffer.from(`${scene.from}/`), name]);
  mkdirSync(folder);
  writeFileSync(Buffer.concat([folder, Buffer.from('/'), name]), 'content');
  linkSync(Buffer.concat([folder, Buffer.from('/'), name]), join(scene.from, 'z'));
  symlinkSync(name, join(scene.from, 'link'));
  await receive(scene.open(), scene.into);
  expect(described(scene.into)).toEqual(described(scene.from));
});

test('a large file comes whole, in pieces that gRPC takes', async () => {
  const content = randomBytes(24 * 1024 * 1024 + 1);
  writeFileSync(join(scene.from, 'large'), content);
  await receive(scene.open(), scene.into);
  expect(sha256(readFileSync(join(scene.into, 'large')))).toBe(sha256(content));
});

test('a size beyond 4 GiB is told; nothing of the file is read unless it is asked for', async () => {
  writeFileSync(join(scene.from, 'huge'), '');
  truncateSync(join(scene.from, 'huge'), 5 * 1024 ** 3 + 7);
  const transfer = scene.open();
  const reader = new PacketReader();
  const sizes: number[] = [];
  for await (const chunk of transfer.output as AsyncIterable<Buffer>) {
    for (const { type, stat } of reader.push(chunk)) {
      if (stat) sizes.push(stat.size);
      else if (type === 'stat') transfer.input(FIN);
    }
  }
  expect(sizes).toEqual([5 * 1024 ** 3 + 7]);
  expect((await scene.runs[0]?.facts())?.report).toMatchObject({
    files: 1,
    bytes: 5 * 1024 ** 3 + 7,
    sentFiles: 0,
    sentBytes: 0,
  });
});

test('sockets and FIFOs stay behind, and are named', async () => {
  const server = createServer().listen(join(scene.from, 'socket'));
  await new Promise((resolve) => server.once('listening', resolve));
  execFileSync('mkfifo', [join(scene.from, 'fifo')]);
  writeFileSync(join(scene.from, 'file'), 'x');
  const { stats } = await receive(scene.open(), scene.into);
  server.close();
  expect(stats.map(({ path }) => path)).toEqual(['file']);
  expect((await scene.runs[0]?.facts())?.notes).toEqual([
    'left out of the context, being no file, folder or link: fifo',
    'left out of the context, being no file, folder or link: socket',
  ]);
});

test('the report tells what there is and what travelled', async () => {
  mkdirSync(join(scene.from, 'node_modules'));
  writeFileSync(join(scene.from, 'a'), 'aaa');
  writeFileSync(join(scene.from, 'node_modules/b'), 'bbbbbb');
  makeTree(scene.from, [
    { path: 'c', kind: 'hardlink', mode: 0, target: 'a', seconds },
    { path: 'd', kind: 'symlink', mode: 0, target: 'a', seconds },
  ]);
  const transfer = scene.open();
  const reader = new PacketReader();
  for await (const chunk of transfer.output as AsyncIterable<Buffer>) {
    for (const { type, stat, id, data } of reader.push(chunk)) {
      if (type === 'stat' && !stat) transfer.input(REQ(4));
      if (type === 'data' && data.length === 0 && id === 4) transfer.input(FIN);
    }
  }
  expect((await scene.runs[0]?.facts())?.report).toEqual({
    files: 4,
    bytes: 9,
    sentFiles: 1,
    sentBytes: 6,
    largest: [
      { path: 'node_modules/b', bytes: 6 },
      { path: 'a', bytes: 3 },
    ],
    baggage: [{ path: 'node_modules', bytes: 6, files: 1 }],
  });
});

test('of 70,000 files each comes with its own content', () => {
  // In memory, where there is such a place: a disk takes minutes for as many when it has other work.
  const root = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'sync-many-'));
  for (let folder = 0; folder < 70; folder++) {
    mkdirSync(join(root, `${folder}`));
    for (let file = 0; file < 1000; file++) writeFileSync(join(root, `${folder}/${file}`), `${folder}/${file}`);
  }
  const job = { kind: 'sync', root, ignore: [], always: [], never: [], request: EVERYTHING } as const;
  const { stats, contents } = transcriptOf(createSyncProducer(job), (stat, id) => isRegular(stat) && id % 7 === 0);
  rmSync(root, { recursive: true });
  expect(stats).toHaveLength(70_070);
  expect(contents.size).toBe(9_940);
  expect([...contents].filter(([id, content]) => stats[id]?.path !== content.toString())).toEqual([]);
}, 120_000);

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
