import { CLASSIC, type Animal } from './animal';

const LONG = 'd'.repeat(30);

export const MODES_AND_LINKS: readonly Animal[] = [
  {
    name: 'setuid, setgid, sticky',
    // The classic builder changes the owner after the mode, and the kernel takes these bits away.
    apart: [{ who: CLASSIC, has: { 'z/setuid': 'file 755 ', 'z/setgid': 'file 755 ' } }],
    make: (den) =>
      den
        .file('ctx/setuid', 'u', 0o4755)
        .file('ctx/setgid', 'g', 0o2755)
        .folder('ctx/sticky', 0o1777)
        .file('ctx/sticky/in', 'x')
        .folder('ctx/group', 0o2775)
        .file('ctx/group/in', 'x'),
  },
  {
    name: 'permissions from nothing to everything',
    make: (den) =>
      [0o000, 0o400, 0o200, 0o111, 0o600, 0o640, 0o755, 0o777].forEach((mode) =>
        den.file(`ctx/mode-${mode.toString(8)}`, 'x', mode),
      ),
  },
  {
    name: 'folders with modes of their own',
    make: (den) =>
      den
        .file('ctx/closed/in', 'x')
        .folder('ctx/closed', 0o700)
        .file('ctx/open/in', 'x')
        .folder('ctx/open', 0o777)
        .file('ctx/read-only/in', 'x')
        .folder('ctx/read-only', 0o555),
  },
  {
    name: 'owners other than root',
    make: (den) => den.file('ctx/theirs').owner('ctx/theirs', 1234).folder('ctx/home').owner('ctx/home', 1234),
  },
  {
    name: 'capabilities, which COPY takes away with the owner',
    make: (den) => den.file('ctx/ping', 'x', 0o755).capable('ctx/ping').file('ctx/plain', 'x', 0o755),
  },
  {
    name: 'relative symlinks',
    make: (den) =>
      den.file('ctx/a/real').symlink('ctx/near', 'a/real').symlink('ctx/a/up', '../a/real').symlink('ctx/dir', 'a'),
  },
  {
    name: 'absolute and dangling symlinks',
    make: (den) =>
      den
        .file('ctx/real')
        .symlink('ctx/absolute', '/etc/passwd')
        .symlink('ctx/dangling', 'nowhere/at/all')
        .symlink('ctx/out', '../../../outside'),
  },
  {
    name: 'symlinks in a circle',
    make: (den) =>
      den.symlink('ctx/self', 'self').symlink('ctx/a', 'b').symlink('ctx/b', 'a').symlink('ctx/loop/up', '..'),
  },
  { name: 'a symlink with a long target', make: (den) => den.symlink('ctx/long', `${LONG}/`.repeat(9) + 'end') },
  {
    name: 'a folder that is a symlink, copied by name',
    dockerfile: 'FROM scratch\nCOPY link /z/link\nCOPY link/ /z/slash/\nCOPY link/file /z/file\n',
    make: (den) => den.file('ctx/real/file').symlink('ctx/link', 'real'),
  },
  {
    name: 'hard links',
    make: (den) =>
      den
        .file('ctx/first', 'shared')
        .hardlink('ctx/second', 'ctx/first')
        .hardlink('ctx/deep/third', 'ctx/first')
        .file('ctx/alone', 'shared'),
  },
  {
    name: 'a hard link whose other name is ignored',
    make: (den) =>
      den
        .file('ctx/a-ignored', 'shared')
        .hardlink('ctx/b-kept', 'ctx/a-ignored')
        .hardlink('ctx/c-kept', 'ctx/a-ignored')
        .file('ctx/.dockerignore', 'a-ignored\n'),
  },
  {
    name: 'hard links to an empty file',
    make: (den) => den.file('ctx/empty', '').hardlink('ctx/empty-too', 'ctx/empty'),
  },
  {
    name: 'two names of one symlink',
    newerCli: true,
    make: (den) => den.symlink('ctx/link', 'nowhere').hardlink('ctx/link-too', 'ctx/link'),
  },
];
