import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { frame } from '../../../../src/docker/buildkit/grpc/frames';
import { Writer } from '../../../../src/docker/buildkit/wire/writer';
import { ERR, FIN, REQ } from '../../../unit/docker/buildkit/sync-packets';
import { openBeneath, SyncScene } from './sync-scene';
import { Talk } from './sync-talk';

let scene: SyncScene;
beforeEach(() => {
  scene = new SyncScene();
  scene.fill();
  symlinkSync('a/file', join(scene.from, 'link')); // 3
});
afterEach(() => {
  expect(openBeneath(scene.from)).toEqual([]);
  scene.remove();
});

const NEVER = (id: number): string => `file ${id} was never announced, or has been asked for before`;
const NO_PACKET = 'what came is no packet of a receiver';

test.each([
  ['an id that was never announced', [REQ(4)], NEVER(4)],
  ['the largest id', [REQ(2 ** 32 - 1)], NEVER(2 ** 32 - 1)],
  ['a folder', [REQ(0)], NEVER(0)],
  ['a symlink', [REQ(3)], NEVER(3)],
  ['a file twice', [REQ(1), REQ(1)], NEVER(1)],
  ['a negative id', [REQ(-1n)], NO_PACKET],
  ['an id beyond 32 bits', [REQ(2 ** 32)], NO_PACKET],
  ['a STAT of its own', [frame(new Writer().bytes(2, Buffer.from('x')).end())], NO_PACKET],
  ['DATA of its own', [frame(new Writer().number(1, 2).number(3, 1).text(4, 'x').end())], NO_PACKET],
  ['a packet of an unknown type', [frame(new Writer().number(1, 9).end())], NO_PACKET],
  ['an empty message', [frame(Buffer.alloc(0))], NO_PACKET],
  ['garbage', [frame(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]))], NO_PACKET],
  ['a field that is cut off', [frame(Buffer.from([0x08, 0x01, 0x22, 0x7f, 0x00]))], NO_PACKET],
  ['a message of 1 GiB', [Buffer.from([0, 0x40, 0, 0, 0])], 'a message of 1073741824 bytes, and 65536 is the limit'],
  ['a compressed message', [Buffer.from([1, 0, 0, 0, 1, 0])], 'compressed messages are not supported'],
])('%s ends the transfer', async (_, said, error) => {
  const talk = new Talk(scene.open());
  await talk.stats();
  talk.say(...said);
  expect(await talk.end()).toEqual({ error, failure: undefined });
});

test('more requests than there are files end the transfer before they are kept', async () => {
  const talk = new Talk(scene.open());
  await talk.stats();
  talk.say(Buffer.concat(Array.from({ length: 5000 }, () => REQ(2))));
  expect(await talk.end()).toEqual({ error: 'more files were asked for than announced', failure: undefined });
});

test('a file can be asked for as soon as it has been told of', async () => {
  const talk = new Talk(scene.open());
  await talk.until(({ stat }) => stat?.path === 'a/file');
  talk.say(REQ(1));
  expect((await talk.until(({ type }) => type === 'data'))?.data.toString()).toBe('content');
  talk.say(FIN);
  expect(await talk.end()).toEqual({ error: undefined, failure: undefined });
  expect(talk.packets.at(-1)?.type).toBe('fin');
});

test('a field that this sender does not know is passed over', async () => {
  const talk = new Talk(scene.open());
  await talk.stats();
  talk.say(frame(new Writer().number(1, 1).number(3, 1).text(4, 'x').number(15, 7).end()));
  expect((await talk.until(({ type }) => type === 'data'))?.data.toString()).toBe('content');
  talk.say(FIN);
  await talk.end();
});

test('FIN in the midst of a file ends the transfer', async () => {
  const talk = new Talk(scene.open());
  await talk.stats();
  talk.say(REQ(2));
  await talk.until(({ type }) => type === 'data');
  expect(openBeneath(scene.from)).toEqual([join(scene.from, 'large')]);
  talk.say(FIN);
  expect(await talk.end()).toEqual({ error: undefined, failure: undefined });
});

test.each([
  ['an ERR packet', (talk: Talk) => talk.say(ERR('no space left on device'))],
  ['the end of what it says', (talk: Talk) => talk.transfer.inputEnded()],
])('%s ends the transfer without a word', async (_, give) => {
  const talk = new Talk(scene.open());
  await talk.stats();
  talk.say(REQ(2));
  await talk.until(({ type }) => type === 'data');
  give(talk);
  expect(await talk.end()).toEqual({ error: undefined, failure: undefined });
  expect(talk.packets.at(-1)?.type).toBe('data');
});

test('what is destroyed in the midst of a file leaves nothing open', async () => {
  const talk = new Talk(scene.open());
  await talk.stats();
  talk.say(REQ(1), REQ(2));
  await talk.until(({ type, id }) => type === 'data' && id === 2);
  expect(openBeneath(scene.from)).toEqual([join(scene.from, 'large')]);
  talk.transfer.output.destroy();
  talk.say(REQ(1), FIN);
  expect(await talk.end()).toEqual({ error: undefined, failure: 'Premature close' });
});

test('a reader that does not read holds the sender up, and gets everything in the end', async () => {
  const talk = new Talk(scene.open());
  await talk.stats();
  talk.say(REQ(2), REQ(1));
  await new Promise((resolve) => setTimeout(resolve, 300));
  const read = scene.runs[0]!.output.readableLength;
  expect(read).toBeGreaterThan(0);
  expect(read).toBeLessThan(1024 * 1024);
  let bytes = 0;
  await talk.until(({ type, id, data }) => {
    if (type === 'data' && id === 2) bytes += data.length;
    return type === 'data' && id === 1 && data.length === 0;
  });
  expect(bytes).toBe(40 * 1024 * 1024);
  talk.say(FIN);
  expect(await talk.end()).toEqual({ error: undefined, failure: undefined });
});
