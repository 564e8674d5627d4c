import { ContextTally } from '../../../src/context/context-tally';
import { Notes } from '../../../src/context/notes';

test('files, bytes and what of them travels', () => {
  const tally = new ContextTally();
  tally.found('a', 10);
  tally.found('link', 0);
  tally.found('b', 5);
  tally.sent('b', 5);
  expect(tally.report()).toEqual({
    files: 3,
    bytes: 15,
    sentFiles: 1,
    sentBytes: 5,
    largest: [
      { path: 'a', bytes: 10 },
      { path: 'b', bytes: 5 },
    ],
    baggage: [],
  });
});

test('the ten largest, largest first, of equal ones the first met', () => {
  const tally = new ContextTally();
  for (let index = 0; index < 1000; index++) tally.found(`f${index}`, (index * 7919) % 1000);
  tally.found('late', 999);
  const { largest } = tally.report();
  expect(largest.map(({ bytes }) => bytes)).toEqual([999, 999, 998, 997, 996, 995, 994, 993, 992, 991]);
  expect(largest[1]).toEqual({ path: 'late', bytes: 999 });
});

test('baggage is counted by the outermost folder, and only when it travels', () => {
  const tally = new ContextTally();
  const send = (path: string, bytes: number): void => {
    tally.found(path, bytes);
    tally.sent(path, bytes);
  };
  send('.git/objects/pack/x', 100);
  send('.git/HEAD', 1);
  send('web/node_modules/a/node_modules/b/.git/x', 7);
  send('web/node_modules/a/index.js', 3);
  send('.github/x', 1000);
  send('my.git/x', 1000);
  send('src/.git', 1000); // a file: what a worktree or a submodule has
  tally.found('other/node_modules/x', 500);
  expect(tally.report().baggage).toEqual([
    { path: '.git', bytes: 101, files: 2 },
    { path: 'web/node_modules', bytes: 10, files: 2 },
  ]);
});

test('thousands of notes are a few, and a number', () => {
  const notes = new Notes();
  for (let index = 1; index <= 20; index++) notes.add(`note ${index}`);
  expect(notes.list()).toHaveLength(20);
  for (let index = 21; index <= 1000; index++) notes.add(`note ${index}`);
  expect(notes.list()).toHaveLength(21);
  expect(notes.list().at(-1)).toBe('and 980 more notes of this kind');
});
