import { tar } from '../../lab/tar';
import { CLASSIC, type Animal } from './animal';

export const DOCKERFILES: readonly Animal[] = [
  { name: 'a Dockerfile outside the context', file: 'other/Dockerfile', make: (den) => den.files('ctx/a', 'other/b') },
  {
    name: 'a Dockerfile outside the context, with ignore rules of its own',
    file: 'other/prod.Dockerfile',
    apart: [
      { who: ['docker'], has: { 'z/a': null, 'z/b': 'file 644 ', 'z/.dockerignore': 'file 644 ' } },
      { who: ['plugin classic'], has: { 'z/.dockerignore': 'file 644 ' } },
    ],
    make: (den) =>
      den.files('ctx/a', 'ctx/b').file('ctx/.dockerignore', 'a\n').file('other/prod.Dockerfile.dockerignore', 'b\n'),
  },
  {
    name: 'a Dockerfile outside the context, with .dockerignore',
    file: 'other/Dockerfile',
    // It is sent under a name that the context has not, and .dockerignore is made to name it.
    apart: [{ who: CLASSIC, has: { 'z/.dockerignore': 'file 644 ' } }],
    make: (den) => den.files('ctx/a', 'ctx/b').file('ctx/.dockerignore', 'a\n'),
  },
  {
    name: 'a Dockerfile outside the context, of the name of one inside',
    file: 'Dockerfile',
    make: (den) => den.file('ctx/Dockerfile', 'FROM nothing-like-this\n').file('ctx/a'),
  },
  {
    name: 'a Dockerfile in a folder of the context',
    file: 'ctx/build/Dockerfile',
    make: (den) => den.files('ctx/a', 'ctx/build/b'),
  },
  {
    name: 'a Dockerfile in an ignored folder',
    file: 'ctx/build/Dockerfile',
    // Sent for the daemon to read, taken out again; its folder stays.
    apart: [{ who: CLASSIC, has: { 'z/build': 'folder 755 ' } }],
    make: (den) => den.files('ctx/a', 'ctx/build/b').file('ctx/.dockerignore', 'build\n'),
  },
  { name: 'a Dockerfile with a name of its own', file: 'ctx/my own.dockerfile', make: (den) => den.files('ctx/a') },
  {
    name: 'a context that is a symlink',
    context: 'link',
    file: 'link/Dockerfile',
    make: (den) => den.files('real/a', 'real/b/c').symlink('link', 'real'),
  },
  {
    name: 'COPY with wildcards',
    dockerfile: 'FROM scratch\nCOPY *.txt /z/\nCOPY d? /z/d/\nCOPY [ab]*.md none*  /z/md/\nCOPY */x /z/x/\n',
    make: (den) => den.files('ctx/1.txt', 'ctx/2.txt', 'ctx/3.md', 'ctx/d1/x', 'ctx/d2/y', 'ctx/a.md', 'ctx/c.md'),
  },
  {
    name: 'COPY with a wildcard and a slash at its end',
    dockerfile: 'FROM scratch\nCOPY d?/ /z/\n',
    apart: [{ who: CLASSIC, fails: /no source files were specified/ }],
    make: (den) => den.files('ctx/d1/x', 'ctx/d2/y'),
  },
  {
    name: 'COPY of single files, to new names and into folders',
    dockerfile: 'FROM scratch\nCOPY a /z/b\nCOPY a c /z/in/\nCOPY ["two words", "/z/three words"]\n',
    make: (den) => den.files('ctx/a', 'ctx/c', 'ctx/two words', 'ctx/not this'),
  },
  {
    name: 'COPY from other stages, by name and by number',
    dockerfile:
      'FROM scratch AS one\nCOPY a /made/a\nFROM scratch\nCOPY b /b\nFROM scratch\nCOPY --from=one /made /z/one/\nCOPY --from=1 /b /z/b\n',
    make: (den) => den.files('ctx/a', 'ctx/b'),
  },
  {
    name: 'a target stage',
    target: 'middle',
    dockerfile: 'FROM scratch AS first\nCOPY a /z/a\nFROM first AS middle\nCOPY b /z/b\nFROM middle\nCOPY c /z/c\n',
    make: (den) => den.files('ctx/a', 'ctx/b', 'ctx/c'),
  },
  {
    name: 'ADD of a tar is unpacked, COPY is not',
    dockerfile: 'FROM scratch\nADD in.tar /z/added/\nCOPY in.tar /z/copied/\n',
    make: (den) =>
      den.file(
        'ctx/in.tar',
        tar([
          { name: 'd/', folder: true },
          { name: 'd/f', content: 'x', mode: 0o4711 },
          { name: 'l', link: 'd/f' },
        ]),
      ),
  },
  {
    name: 'COPY over what is there',
    dockerfile: 'FROM scratch\nCOPY one /z/\nCOPY two /z/\nCOPY two/d /z/link/\n',
    make: (den) => den.files('ctx/one/a', 'ctx/one/d/x', 'ctx/two/a', 'ctx/two/d/y').file('ctx/two/a', 'newer', 0o600),
  },
  {
    name: 'WORKDIR and relative destinations',
    dockerfile: 'FROM scratch\nWORKDIR /z/work\nCOPY a ./\nCOPY a sub/b\nCOPY . all\n',
    make: (den) => den.files('ctx/a', 'ctx/d/e'),
  },
  {
    name: 'COPY --chown',
    dockerfile: 'FROM scratch\nCOPY --chown=1234:4321 . /z/\n',
    make: (den) => den.files('ctx/a', 'ctx/d/e').symlink('ctx/l', 'a'),
  },
  {
    name: 'COPY --chmod',
    only: 'buildkit',
    dockerfile: 'FROM scratch\nCOPY --chmod=640 a /z/a\nCOPY --chmod=0751 d /z/d\n',
    make: (den) => den.files('ctx/a', 'ctx/d/e'),
  },
  {
    name: 'COPY of some of the folders',
    dockerfile: 'FROM scratch\nCOPY d1 /z/d1\nCOPY d2/in /z/d2/\nCOPY d3/in/x /z/d3/\n',
    make: (den) => den.files('ctx/d1/a', 'ctx/d2/in/b', 'ctx/d2/out', 'ctx/d3/in/x', 'ctx/d3/in/y', 'ctx/d4/z'),
  },
  {
    name: 'a Dockerfile that ends its lines as on Windows, with a byte order mark',
    dockerfile: '\ufeffFROM scratch\r\nCOPY a \\\r\n  b /z/\r\n',
    make: (den) => den.files('ctx/a', 'ctx/b'),
  },
];
