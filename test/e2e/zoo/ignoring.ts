import type { Animal } from './animal';

const TREE = [
  'a',
  'b.txt',
  'c.md',
  'x/a',
  'x/b.txt',
  'x/y/a',
  'x/y/b.txt',
  'x/y/z/c.md',
  'target/out',
  'target/keep/me',
];

function ignoring(name: string, rules: string, ...more: readonly string[]): Animal {
  return {
    name: `.dockerignore: ${name}`,
    make: (den) => den.files(...[...TREE, ...more].map((file) => `ctx/${file}`)).file('ctx/.dockerignore', rules),
  };
}

export const IGNORING: readonly Animal[] = [
  ignoring('names, folders, wildcards', 'a\nx/y\n*.md\nx/?.txt\n'),
  ignoring('two stars before, after and between', '**/b.txt\nx/**/c.md\ntarget/**\n'),
  ignoring('all but', '*\n!x\n!b.txt\n'),
  ignoring('a way into an ignored folder', 'target\n!target/keep/me\nx\n!x/y/z\n'),
  {
    ...ignoring('a way into a folder ignored by two stars', '**\n!**/*.txt\n'),
    // docker's CLI looks for the folder's name at the start of the rule, and does not go in.
    apart: [
      {
        who: ['docker'],
        has: { 'z/x': null, 'z/x/b.txt': null, 'z/x/y': null, 'z/x/y/b.txt': null },
      },
    ],
  },
  ignoring('the last that matches wins', '*.txt\n!b.txt\nx/*.txt\n!x/b.txt\nx\n'),
  ignoring('brackets', '[ab]*\nx/[!a]*\nx/y/[^b]\n', 'x/[a]'),
  ignoring('escapes', '\\!a\nx/\\[a\\]\nstar\\*\n', '!a', 'x/[a]', 'star*', 'starry'),
  ignoring('slashes before, after and doubled', '/a\nx/y/\n//c.md\n./b.txt\nx//a\n'),
  ignoring('dots', './x/../a\nx/./y\n..\n.\n'),
  ignoring('comments, blank lines and blanks', '# a\n\n   \n  b.txt  \n\ta\n#\n!#x\nx#\n', '# a', 'x#', '#x'),
  ignoring('a byte order mark', '\ufeffa\nb.txt\n'),
  ignoring('lines that end as on Windows', 'a\r\nx/y\r\n!x/y/a\r\n'),
  ignoring('no line end at its end', 'a\nb.txt'),
  {
    ...ignoring(
      'characters of regular expressions',
      'a+b\n(x)\n{1}\n^a$\na|b\na.b\n',
      'a+b',
      '(x)',
      '{1}',
      '^a$',
      'a|b',
      'a.b',
      'aab',
      'axb',
    ),
    newerCli: true,
  },
  ignoring('itself and the Dockerfile', '.dockerignore\nDockerfile\n'),
  ignoring('everything', '*\n!a\n'),
  ignoring('upper case is another letter', 'A\nX/y\nB.TXT\n'),
  ignoring('a folder by a pattern with a slash at its end', '**/y/\ntarget/*/\n'),
  ignoring('blanks within', 'two words\n two words too \n', 'two words', 'two words too', 'two'),
  {
    name: '.dockerignore: a link to a folder, and what is in it',
    make: (den) => den.file('ctx/real/in').symlink('ctx/link', 'real').file('ctx/.dockerignore', 'link/in\nreal/no\n'),
  },
  {
    name: '<Dockerfile>.dockerignore goes before .dockerignore',
    file: 'ctx/build.Dockerfile',
    apart: [
      // docker's CLI has these files for BuildKit only; we have them for both.
      {
        who: ['docker'],
        has: {
          'z/a': null,
          'z/b': 'file 644 ',
          'z/build.Dockerfile': 'file 644 ',
          'z/build.Dockerfile.dockerignore': 'file 644 ',
        },
      },
      // The daemon takes out by .dockerignore what the client had to send, so the rules are sent under that name.
      { who: ['plugin classic'], has: { 'z/.dockerignore': 'file 644 ' } },
    ],
    make: (den) =>
      den
        .files('ctx/a', 'ctx/b')
        .file('ctx/.dockerignore', 'a\n')
        .file('ctx/build.Dockerfile.dockerignore', 'b\nbuild.Dockerfile*\n'),
  },
];
