import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scanDockerfile } from '../../../src/context/dockerfile';

interface Vector {
  readonly text: string;
  readonly args: Readonly<Record<string, string>>;
  readonly error?: boolean;
  readonly stages?: readonly {
    readonly name: string;
    readonly base: string;
    readonly platform: string;
    readonly line: number;
  }[];
}

const VECTORS = readFileSync(join(__dirname, 'dockerfile-vectors.ndjson'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Vector);
const READABLE = VECTORS.filter(({ error }) => !error);

test('there are vectors of both sorts', () => {
  expect(READABLE.length).toBeGreaterThan(1500);
  expect(VECTORS.length - READABLE.length).toBeGreaterThan(500);
});

test('where the scanner is sure, it has the stages of the real parser', () => {
  const wrong = READABLE.map(({ text, args, stages = [] }) => {
    const scanned = scanDockerfile(text, new Map(Object.entries(args)));
    const ours = scanned.stages.map(({ alias, base, platform, line }) => ({
      name: alias ?? '',
      base,
      // As written where it could not be expanded: that says nothing of what it is.
      platform: /[$\\`]/.test(platform ?? '') ? undefined : platform,
      line,
    }));
    // What it is silent about is no contradiction.
    const theirs = stages.map((stage, index) => ({
      ...stage,
      base: ours[index]?.base === undefined ? undefined : stage.base,
      platform: ours[index]?.platform === undefined ? undefined : stage.platform,
    }));
    return scanned.sure && JSON.stringify(ours) !== JSON.stringify(theirs) ? { text, ours, theirs } : undefined;
  });
  expect(wrong.filter(Boolean)).toEqual([]);
});

// The vectors are full of what no Dockerfile has: variables without a value, quotes in a word.
test('it is not silent about most of it', () => {
  const told = READABLE.flatMap(({ text, args, stages: theirs = [] }) => {
    const { stages: ours, sure } = scanDockerfile(text, new Map(Object.entries(args)));
    return theirs.flatMap(({ base }, index) => (base === '' ? [] : [sure && ours[index]?.base === base]));
  });
  expect(told.filter(Boolean).length / told.length).toBeGreaterThan(0.75);
});
