import type { Mark } from './report';
import type { Tree, TreeShape } from './tree';

/** One thing that is measured. `same`: the image is the one of this contestant's last turn. */
export interface Case {
  readonly name: string;
  readonly same: boolean;
  prepare(tree: Tree): void;
}

/** Cases that are measured in turns, on trees of one shape. */
export interface Suite {
  /** Left out: the peers, and the plugin with and without a spare */
  readonly who?: readonly [Warm, ...Warm[]];
  readonly shape: (scale: number) => TreeShape;
  readonly cases: readonly [Case, ...Case[]];
  readonly rounds: number;
  readonly marks: readonly Mark[];
}

/** Plugins with a spare that differ in their configuration only. */
export type Warm = 'spare' | 'reuse' | 'tenTags';

export const NAMES = {
  classic: 'docker build + push',
  buildx: 'buildx build --push',
  spare: 'plugin, with spare',
  cold: 'plugin, cold',
  reuse: 'plugin, ExistingTag=reuse',
  tenTags: 'plugin, ten tags',
} as const;

const change = (tree: Tree): void => tree.change();
const nothing = (): void => undefined;
const { classic, buildx, spare, cold, reuse, tenTags } = NAMES;

const FOUR_KIBIBYTES = 4096;
const GIBIBYTE = 1024 ** 3;

const manyFiles = (scale: number): TreeShape => ({
  steps: ['COPY files /files'],
  files: [{ folder: 'files', count: Math.round(50_000 * scale), bytes: FOUR_KIBIBYTES }],
});

const few = { folder: 'files', count: 20, bytes: 2048 };
const small = (): TreeShape => ({
  steps: ['COPY files /files', 'RUN cat /files/* | sha256sum > /files.sha256'],
  files: [few],
});

/** What `--cases` names. The first case of each is one in which something has changed: it makes the others' image. */
export const SUITES = {
  small: {
    shape: small,
    cases: [
      { name: 'changed', same: false, prepare: change },
      { name: 'no-op', same: true, prepare: nothing },
    ],
    rounds: 9,
    marks: [
      { kind: 'changed', of: spare, against: classic, limit: 1.15 },
      { kind: 'no-op', of: spare, against: classic, limit: 1.5 },
      { kind: 'changed', of: spare, against: buildx, limit: 0.8 },
      { kind: 'no-op', of: spare, against: buildx, limit: 0.8 },
    ],
  },
  tags: {
    who: ['spare', 'tenTags'],
    shape: small,
    cases: [{ name: 'changed', same: false, prepare: change }],
    rounds: 9,
    marks: [{ kind: 'changed', of: tenTags, against: spare, limit: 1.3 }],
  },
  rerun: {
    who: ['spare', 'reuse'],
    shape: small,
    cases: [
      { name: 'changed', same: false, prepare: change },
      { name: 'the same run again', same: true, prepare: nothing },
    ],
    rounds: 9,
    marks: [{ kind: 'the same run again', of: reuse, against: spare, limit: 1 }],
  },
  files: {
    shape: manyFiles,
    cases: [
      { name: 'one of 50,000 changed', same: false, prepare: change },
      { name: '50,000 unchanged', same: true, prepare: nothing },
    ],
    rounds: 5,
    marks: [
      { kind: 'one of 50,000 changed', of: spare, against: buildx, limit: 1 },
      { kind: '50,000 unchanged', of: spare, against: buildx, limit: 0.9 },
      { kind: '50,000 unchanged', of: cold, against: buildx, limit: 1.2 },
      { kind: '50,000 unchanged', of: spare, against: classic, limit: 0.08 },
    ],
  },
  'files-cold': {
    shape: manyFiles,
    cases: [{ name: '50,000 new', same: false, prepare: (tree) => tree.renew() }],
    rounds: 5,
    marks: [{ kind: '50,000 new', of: spare, against: buildx, limit: 1 }],
  },
  gib: {
    shape: (scale) => ({
      steps: ['COPY large /large', 'COPY files /files'],
      files: [few, { folder: 'large', count: 1, bytes: Math.round(GIBIBYTE * scale) }],
    }),
    cases: [
      { name: '1 GiB beside a small change', same: false, prepare: change },
      { name: '1 GiB unchanged', same: true, prepare: nothing },
    ],
    rounds: 5,
    marks: [
      { kind: '1 GiB unchanged', of: spare, against: buildx, limit: 0.9 },
      { kind: '1 GiB unchanged', of: cold, against: buildx, limit: 1.2 },
    ],
  },
  clone: {
    shape: manyFiles,
    cases: [
      { name: 'one of 50,000 changed', same: false, prepare: change },
      { name: '50,000 cloned anew', same: true, prepare: (tree) => tree.cloneAnew() },
    ],
    rounds: 5,
    marks: [{ kind: '50,000 cloned anew', of: spare, against: buildx, limit: 0.9 }],
  },
} as const satisfies Readonly<Record<string, Suite>>;

export type SuiteName = keyof typeof SUITES;
