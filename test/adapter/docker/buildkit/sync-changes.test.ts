import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { StepError } from '../../../../src/domain/errors';
import { REQ } from '../../../unit/docker/buildkit/sync-packets';
import { openBeneath, SyncScene } from './sync-scene';
import { asNobody } from '../../../unit/files/temp-tree';
import { Talk } from './sync-talk';

let scene: SyncScene;
beforeEach(() => {
  scene = new SyncScene();
  scene.fill();
  mkdirSync(scene.outside('a'));
  writeFileSync(scene.outside('a/file'), 'outside');
});
afterEach(() => {
  expect(openBeneath(scene.from)).toEqual([]);
  scene.remove();
});

const file = (): string => join(scene.from, 'a/file');

test.each<readonly [string, () => void, string]>([
  ['vanished', () => rmSync(file()), 'a/file cannot be read: it vanished while the context was read'],
  ['grown', () => appendFileSync(file(), 'x'), 'a/file changed its size while it was read'],
  ['shrunk', () => truncateSync(file(), 3), 'a/file changed its size while it was read'],
  [
    'replaced by another file',
    () => {
      writeFileSync(scene.outside('new'), 'content');
      renameSync(scene.outside('new'), file());
    },
    'a/file was replaced while it was read',
  ],
  [
    'replaced by a link to outside',
    () => {
      rmSync(file());
      symlinkSync(scene.outside('a/file'), file());
    },
    'a/file was replaced while it was read',
  ],
  [
    'in a folder that became a link to outside',
    () => {
      rmSync(join(scene.from, 'a'), { recursive: true });
      symlinkSync(scene.outside('a'), join(scene.from, 'a'));
    },
    'a/file was replaced while it was read',
  ],
])('a file that has %s since it was told of is named, to both sides', async (_, change, what) => {
  const talk = new Talk(scene.open());
  await talk.stats();
  change();
  talk.say(REQ(1));
  expect(await talk.end()).toEqual({ error: `Context: ${what}`, failure: `Context: ${what}` });
  expect(talk.failure).toBeInstanceOf(StepError);
  expect(talk.failure).toMatchObject({
    code: 'CONTEXT_UNREADABLE',
    hop: 'none',
    blame: 'environment',
    hint: 'Let nothing change the context while it is sent, or name the file in .dockerignore',
  });
  expect(talk.packets.filter(({ type }) => type === 'data')).toEqual([]);
});

test.each<readonly [string, (path: string) => void]>([
  ['shrinks', (path) => truncateSync(path, 20 * 1024 * 1024)],
  ['grows', (path) => appendFileSync(path, 'x')],
])('a file that %s while it is sent breaks the transfer before its end', async (_, change) => {
  const talk = new Talk(scene.open());
  await talk.stats();
  talk.say(REQ(2));
  await talk.until(({ type }) => type === 'data');
  change(join(scene.from, 'large'));
  const message = 'Context: large changed its size while it was read';
  expect(await talk.end()).toEqual({ error: message, failure: message });
  expect(talk.packets.filter(({ type, data }) => type === 'data' && data.length === 0)).toEqual([]);
});

test('what was sent before stands in the facts all the same', async () => {
  const talk = new Talk(scene.open());
  await talk.stats();
  talk.say(REQ(1));
  await talk.until(({ type, data }) => type === 'data' && data.length === 0);
  rmSync(join(scene.from, 'large'));
  talk.say(REQ(2));
  await talk.end();
  expect((await scene.runs[0]?.facts())?.report).toMatchObject({ files: 2, sentFiles: 1, sentBytes: 7 });
});

test('a folder that cannot be read ends the stats', async () => {
  const transfer = scene.open();
  rmSync(scene.from, { recursive: true });
  const talk = new Talk(transfer);
  const message = 'Context: . cannot be read: it vanished while the context was read';
  expect(await talk.end()).toEqual({ error: message, failure: message });
  mkdirSync(scene.from);
});

test('a file that the agent may not read is named', async () => {
  for (const folder of [dirname(scene.from), scene.from, dirname(file())]) chmodSync(folder, 0o755);
  chmodSync(file(), 0);
  const message = "Context: a/file cannot be read: the agent's user may not (EACCES)";
  const end = await asNobody(async () => {
    const talk = new Talk(scene.open());
    await talk.stats();
    talk.say(REQ(1));
    return talk.end();
  });
  expect(end).toEqual({ error: message, failure: message });
});
