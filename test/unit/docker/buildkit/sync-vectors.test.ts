import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSyncProducer } from '../../../../src/docker/buildkit/file-sync/sync-job';
import { transcriptOf, type Transcript } from './sync-transcript';
import { makeTree, type Node } from './sync-tree';

interface Request {
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly follow?: readonly string[];
}

interface Vector {
  readonly name: string;
  readonly tree: readonly Node[];
  readonly request: Request;
  readonly stats: readonly { path: string; mode: number; size?: number; modTime: string; linkName?: string }[];
  readonly contents: Readonly<Record<string, string>>;
  readonly error?: string;
}

const FIFO = 2 ** 25; // Go's ModeNamedPipe

const VECTORS = readFileSync(join(__dirname, 'sync-vectors.ndjson'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Vector);

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'sync-vectors-'))));
afterEach(() => rmSync(root, { recursive: true }));

/** What fsutil sent, but for FIFOs, which this plugin leaves out; contents by path, since they have numbers too. */
function theirs({ stats, contents }: Vector): readonly unknown[] {
  return stats.flatMap(({ path, mode, size = 0, modTime, linkName = '' }, id) =>
    mode >= FIFO && mode < 2 * FIFO ? [] : [{ path, mode, size, modTime, linkName, content: contents[id] }],
  );
}

function ours({ stats, contents }: Transcript): readonly unknown[] {
  return stats.map(({ path, mode, size, modTime, linkName, others }, id) => {
    expect(others).toEqual([]); // owner and group 0 among them
    return { path, mode, size, modTime: String(modTime), linkName, content: contents.get(id)?.toString() };
  });
}

function send({ request }: Vector, ignore: readonly string[] = []): Transcript {
  const { include = [], exclude = [], follow = [] } = request;
  const asked = { includePatterns: include, excludePatterns: exclude, followPaths: follow };
  return transcriptOf(createSyncProducer({ kind: 'sync', root, ignore, always: [], never: [], request: asked }));
}

describe('against the real fsutil', () => {
  test('there are vectors of every sort', () => {
    expect(VECTORS.length).toBeGreaterThan(480);
    expect(VECTORS.filter(({ error }) => error !== undefined).length).toBe(4);
    expect(VECTORS.filter(({ stats }) => stats.length > 3).length).toBeGreaterThan(150);
  });

  test.each(
    VECTORS.map((vector, index) => [`${index} ${vector.name} ${JSON.stringify(vector.request)}`, vector] as const),
  )('%s', (_, vector) => {
    makeTree(root, vector.tree);
    const sent = send(vector);
    if (vector.error !== undefined) {
      expect(sent.error).toMatch(/ is no pattern$/);
      return;
    }
    expect(sent.error).toBeUndefined();
    expect(ours(sent)).toEqual(theirs(vector));
    expect(sent.fin).toBe(true);
  });
});
