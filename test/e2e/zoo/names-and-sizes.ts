import { BUILDKIT, type Animal } from './animal';

const DAY = 86_400;

export const NAMES_AND_SIZES: readonly Animal[] = [
  {
    name: 'empty folders, and folders of nothing but folders',
    make: (den) => den.folder('ctx/empty').folder('ctx/a/b/c').folder('ctx/closed', 0o700),
  },
  {
    name: 'paths of more than 255 bytes, names of 255',
    make: (den) =>
      den.file(`ctx/${`${'p'.repeat(40)}/`.repeat(9)}end`).files(`ctx/${'n'.repeat(255)}`, `ctx/${'m'.repeat(100)}`),
  },
  {
    name: 'names with spaces, quotes, line ends and control characters',
    make: (den) =>
      den.files(
        'ctx/two words',
        'ctx/ lead',
        'ctx/trail ',
        `ctx/it's "quoted"`,
        'ctx/back\\slash',
        'ctx/line\nend',
        'ctx/carriage\rreturn',
        'ctx/tab\there',
        'ctx/bell\u0007',
        'ctx/$VAR',
        'ctx/${VAR}',
        'ctx/per%20cent',
      ),
  },
  {
    name: 'names in Unicode, composed and decomposed',
    make: (den) =>
      den.files('ctx/\u00e9', 'ctx/e\u0301', 'ctx/日本語', 'ctx/\u{1f433}', 'ctx/\u202eright', 'ctx/\ufeffmark'),
  },
  {
    name: 'names that are no UTF-8',
    // protobuf's strings are UTF-8; BuildKit 0.33 has begun to insist.
    apart: [{ who: BUILDKIT, on: ['29-containerd', '29-classic'], fails: /UTF-8/ }],
    make: (den) => den.folder('ctx').bytes('ctx', [0x6c, 0xe9]).bytes('ctx', [0xff, 0xfe]).bytes('ctx', [0xc3, 0x28]),
  },
  {
    name: 'names made of what patterns are made of',
    make: (den) =>
      den.files('ctx/a+b', 'ctx/a.b', 'ctx/(x)', 'ctx/{1}', 'ctx/^a$', 'ctx/a|b', 'ctx/[x]', 'ctx/a*b', 'ctx/q?'),
  },
  {
    name: 'names that start with a dash, a dot, a hash, a tilde',
    make: (den) =>
      den.files('ctx/-rf', 'ctx/--help', 'ctx/.hidden', 'ctx/...', 'ctx/#hash', 'ctx/~', 'ctx/!bang', 'ctx/=x'),
  },
  {
    name: 'names that differ by case, and sort around a slash',
    make: (den) =>
      den.files('ctx/File', 'ctx/file', 'ctx/FILE', 'ctx/a/in', 'ctx/a.txt', 'ctx/a-b', 'ctx/a0', 'ctx/ab/in'),
  },
  {
    name: 'a FIFO and a socket',
    // We leave them out, and say so: no image is better for them.
    apart: [
      { who: ['docker'], has: { 'z/fifo': 'fifo 644 ' } },
      { who: ['buildx'], on: ['debian'], has: { 'z/socket': 'file 755 ' } },
      { who: ['buildx'], on: ['29-containerd', '29-classic'], has: { 'z/fifo': 'fifo 644 ', 'z/socket': 'file 755 ' } },
    ],
    make: (den) => den.file('ctx/file').fifo('ctx/fifo').socket('ctx/socket'),
  },
  {
    name: 'files of zero bytes, one, and around a tar block',
    make: (den) =>
      [0, 1, 511, 512, 513, 1023, 1024, 10_240].forEach((size) => den.file(`ctx/s${size}`, Buffer.alloc(size, 7))),
  },
  {
    name: 'files around the sizes of packets and buffers',
    make: (den) =>
      [32_767, 32_768, 32_769, 65_535, 65_536, 65_537, 262_144, 262_145].forEach((size) =>
        den.file(`ctx/s${size}`, Buffer.alloc(size, size % 251)),
      ),
  },
  {
    name: 'a large file between small ones',
    make: (den) => den.files('ctx/a', 'ctx/z').file('ctx/large', Buffer.alloc(20_000_000, 'large ')),
  },
  { name: 'a sparse file', make: (den) => den.file('ctx/a').sparse('ctx/sparse', 5_000_000) },
  { name: 'many files in many folders', make: (den) => many(den) },
  {
    name: 'times long ago, ahead, and within a second',
    make: (den) =>
      den
        .files('ctx/epoch', 'ctx/old', 'ctx/future', 'ctx/half', 'ctx/almost')
        .symlink('ctx/link', 'old')
        .time('ctx/epoch', 0)
        .time('ctx/old', 10 * 365 * DAY)
        .time('ctx/future', 70 * 365 * DAY)
        .time('ctx/half', 1_600_000_000.5)
        .time('ctx/almost', 1_600_000_000.999)
        .time('ctx/link', 1_234_567_890),
  },
];

function many(den: Parameters<Animal['make']>[0]): void {
  for (let folder = 0; folder < 20; folder++)
    for (let file = 0; file < 25; file++) den.file(`ctx/f${folder}/n${file}`, `${folder}.${file}`);
}
