import { LayerProgress } from '../../../src/docker/layer-progress';
import { parseTag } from '../../../src/domain/image-ref';

const ref = { repository: { host: 'r.example', path: 'team/app' }, tag: parseTag('1')! };

function play(statuses: readonly [id: string, status: string, current?: number, total?: number][]): string[] {
  const told: string[] = [];
  const layers = new LayerProgress(ref, (event) => {
    if (event.type !== 'layer' || event.ref !== ref) throw new Error('unexpected event');
    const bytes = event.currentBytes === undefined ? '' : ` ${event.currentBytes}/${event.totalBytes ?? '?'}`;
    told.push(`${event.id} ${event.state}${bytes}`);
  });
  for (const [id, status, current, total] of statuses) {
    layers.take(id, status, { ...(current !== undefined && { current }), ...(total !== undefined && { total }) });
  }
  return told;
}

const MB = 1024 * 1024;

test("the classic store's words", () => {
  expect(
    play([
      ['a', 'Preparing'],
      ['a', 'Waiting'],
      ['a', 'Pushing', 512, 9 * MB],
      ['a', 'Pushing', MB, 9 * MB],
      ['a', 'Pushing', 5 * MB, 9 * MB],
      ['a', 'Pushing', 6 * MB, 9 * MB],
      ['a', 'Pushing', 9.5 * MB, 9 * MB],
      ['a', 'Pushed'],
    ]),
  ).toEqual([
    'a waiting',
    `a pushing 512/${9 * MB}`,
    `a pushing ${5 * MB}/${9 * MB}`,
    `a pushing ${9.5 * MB}/${9 * MB}`,
    'a pushed',
  ]);
});

test("the containerd store's, which may say nothing before the end", () => {
  expect(
    play([
      ['a', 'Layer already exists'],
      ['b', 'Mounted from team/other'],
      ['c', 'Pushed'],
    ]),
  ).toEqual(['a present', 'b mounted', 'c pushed']);
});

test('the same state again, and a status that is none of these, are not told', () => {
  expect(
    play([
      ['a', 'Preparing'],
      ['a', 'Preparing'],
      ['a', 'Downloading'],
    ]),
  ).toEqual(['a waiting']);
});
