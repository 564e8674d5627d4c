import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../../..');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');

interface Entry {
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly version?: string;
}
interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const { packages } = JSON.parse(read('package-lock.json')) as { packages: Readonly<Record<string, Entry>> };
const installed = Object.entries(packages).filter(([path]) => path !== '');
const pathsWhere = (wrong: (entry: Entry) => boolean): readonly string[] =>
  installed.filter(([, entry]) => wrong(entry)).map(([path]) => path);

describe('the lockfile', () => {
  test('has a sha512 for every package', () => {
    expect(installed.length).toBeGreaterThan(300);
    expect(pathsWhere(({ integrity = '' }) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity))).toEqual([]);
  });

  test('takes nothing from git, a folder, or a plain HTTP server', () => {
    expect(pathsWhere(({ link }) => link === true)).toEqual([]);
    expect(pathsWhere(({ resolved = 'https://' }) => !resolved.startsWith('https://'))).toEqual([]);
    expect(pathsWhere(({ resolved = '' }) => /\.git\b|codeload|[?#]/.test(resolved))).toEqual([]);
    expect(pathsWhere(({ version = '' }) => !/^\d+\.\d+\.\d+/.test(version))).toEqual([]);
  });

  test('is for packages of which every version is a number', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Manifest;
    const versions = Object.entries({ ...dependencies, ...devDependencies });
    expect(versions.filter(([, version]) => !/^~?\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    expect(Object.values(dependencies).filter((version) => version.startsWith('~'))).toEqual([]);
  });
});

describe('installing', () => {
  test('runs no script of a package', () => {
    expect(read('.npmrc').split('\n')).toContain('ignore-scripts=true');
  });

  test('is npm ci without scripts, wherever something of ours installs', () => {
    const scripts = readdirSync(join(root, 'scripts')).map((name) => join('scripts', name));
    const code = ['Dockerfile', '.ci/run', 'test/lab/setup.sh', ...scripts]
      .map(read)
      .join('\n')
      .replace(/^\s*(?:\/|\*|#).*$/gm, '');
    const installs = [...code.matchAll(/\bnpm(?:'|\s)[^\n`]*?\b(?:ci|i|install|add)\b[^\n`]*/g)].map(
      ([found]) => found,
    );
    expect(installs).toEqual(["npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);"]);
  });
});

test('the jar gets one date for all of its files', () => {
  expect(read('bridge/pom.xml')).toMatch(
    /<project\.build\.outputTimestamp>\d{4}-\d\d-\d\dT00:00:00Z<\/project\.build\.outputTimestamp>/,
  );
});
