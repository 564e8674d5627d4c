import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openMemoryFolder } from '../../../../src/docker/buildkit/file-sync/folders';
import { dockerfileFolder } from '../../../../src/docker/buildkit/file-sync/dockerfile-folder';
import { receive } from './sync-receiver';
import { described, EVERYTHING, SyncScene } from './sync-scene';
import { Talk } from './sync-talk';

let scene: SyncScene;
beforeEach(() => (scene = new SyncScene()));
afterEach(() => scene.remove());

function files(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(scene.from, path)), { recursive: true });
    writeFileSync(join(scene.from, path), path);
  }
}

async function sent(...how: Parameters<SyncScene['open']>): Promise<readonly string[]> {
  const { stats, error, failure } = await receive(scene.open(...how), scene.into);
  expect({ error, failure }).toEqual({});
  return stats.map(({ path }) => path);
}

test.each([
  ['nothing in particular', {}],
  ['the ignored file', { followPaths: ['secret/key'] }],
  ['a link to it', { followPaths: ['link'] }],
  ['its folder', { includePatterns: ['secret'] }],
  ['everything', { includePatterns: ['**'], excludePatterns: ['!secret', '!**'] }],
  ['all but something else', { excludePatterns: ['other'] }],
])('the ignore rules hold for a frontend that asks for %s', async (_, request) => {
  files('secret/key', 'secret/public', 'other');
  symlinkSync('secret/key', join(scene.from, 'link'));
  const ignore = ['secret', '!secret/public'];
  expect(await sent(request, { ignore })).not.toContain('secret/key');
});

test('an ignored folder is sent for what is not ignored in it', async () => {
  files('secret/key', 'secret/public');
  expect(await sent({ followPaths: ['secret'] }, { ignore: ['secret', '!secret/public'] })).toEqual([
    'secret',
    'secret/public',
  ]);
});

test('the rules are applied once where the frontend has read the same', async () => {
  files('a', 'b');
  expect(await sent({ excludePatterns: ['a'] }, { ignore: ['a'] })).toEqual(['b']);
});

test.each([[['../outside']], [['../../**']], [['a/../../outside']], [['..']], [['out/outside']], [['out']]])(
  'nothing outside is looked at for %j',
  async (followPaths) => {
    files('a');
    writeFileSync(scene.outside('outside'), 'x');
    symlinkSync('..', join(scene.from, 'out'));
    const paths = await sent({ followPaths });
    // `out` leads to the root, as in a container: all that lies in it.
    expect(paths).toEqual(followPaths[0] === 'out' ? ['a', 'out'] : paths.filter((path) => path === 'out'));
  },
);

test('what this plugin writes is never sent', async () => {
  files('a', 'ecr-image.json');
  expect(await sent({ followPaths: ['ecr-image.json', 'a'] }, { never: ['ecr-image.json'] })).toEqual(['a']);
});

test.each([
  [{ includePatterns: ['['] }, '"[" is no pattern'],
  [{ excludePatterns: ['a', '!'] }, '"!" is no pattern'],
  [{ followPaths: ['dir/[a-'] }, '"dir/[a-" is no pattern'],
])('%j is refused', async (request, error) => {
  const talk = new Talk(scene.open(request));
  expect(await talk.end()).toEqual({ error, failure: undefined });
});

describe('the ignore file', () => {
  const alone = { followPaths: ['.dockerignore'] };

  test('is what holds for this build, and no transfer of the context', async () => {
    files('.dockerignore', 'a');
    expect(await sent(alone, { ignore: ['a', ' b', '#c'] })).toEqual(['.dockerignore']);
    expect(described(scene.into)).toMatchObject([{ content: '#\na\n b\n #c\n' }]);
    expect(scene.runs).toEqual([]);
  });

  test('is the one on the disk where there are no rules, and no transfer of the context', async () => {
    files('.dockerignore', 'a');
    expect(await sent(alone)).toEqual(['.dockerignore']);
    expect(described(scene.into)).toMatchObject([{ content: '.dockerignore' }]);
    expect(scene.runs).toEqual([]);
  });

  test('travels like others when it is copied', async () => {
    files('.dockerignore', 'a');
    expect(await sent({ ...alone, excludePatterns: ['a'] }, { ignore: ['a'] })).toEqual(['.dockerignore']);
    expect(described(scene.into)).toMatchObject([{ content: '.dockerignore' }]);
    expect(scene.runs).toHaveLength(1);
  });
});

describe('the folder of the Dockerfile', () => {
  test('has the Dockerfile and its rules, whatever is asked for', async () => {
    const { name, files: inMemory } = dockerfileFolder('/job/app/Dockerfile.prod', Buffer.from('FROM scratch\n'), [
      'a',
    ]);
    expect(name).toBe('Dockerfile.prod');
    const folder = openMemoryFolder(inMemory);
    const request = { ...EVERYTHING, followPaths: ['../../etc/passwd', 'Dockerfile.prod'] };
    await receive(folder.open(request), scene.into);
    expect(described(scene.into)).toMatchObject([
      { name: '/Dockerfile.prod', mode: 0o100644, content: 'FROM scratch\n' },
      { name: '/Dockerfile.prod.dockerignore', mode: 0o100644, content: '#\na\n' },
    ]);
  });

  test('changes its time with its content, and not otherwise', async () => {
    const times = async (content: string): Promise<readonly bigint[]> => {
      const talk = new Talk(
        openMemoryFolder(dockerfileFolder('Dockerfile', Buffer.from(content), []).files).open(EVERYTHING),
      );
      await talk.stats();
      talk.transfer.output.destroy();
      return talk.packets.flatMap(({ stat }) => (stat ? [stat.modTime] : []));
    };
    const [first, again, other] = [await times('a'), await times('a'), await times('b')];
    expect(again).toEqual(first);
    expect(other[0]).not.toBe(first[0]);
    expect(other[1]).toBe(first[1]);
  });
});
