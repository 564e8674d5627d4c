import { scanDockerfile } from '../../../src/context/dockerfile';
import { instructionsOf } from '../../../src/context/dockerfile-lines';
import { takenFrom } from '../../../src/context/taken-from';
import { neededStages, stagesOf } from '../../../src/docker/buildkit/stage-graph';

const rows: readonly [instruction: string, names: readonly string[]][] = [
  ['COPY --from=a /x /x', ['a']],
  ['copy --chown=1:1 --from=a --link /x /x', ['a']],
  ['COPY --from=ghcr.io/tools/jq:1 /jq /bin/', ['ghcr.io/tools/jq:1']],
  ['COPY \\\n  --from=a \\\n  /x /x', ['a']],
  ['COPY /x --from=a /x', []],
  ['COPY --from=$STAGE /x /x', []],
  ['COPY --from="a" /x /x', []],
  ['COPY --mount=from=a /x /x', []],
  ['ADD --from=a /x /x', []],
  ['RUN --mount=type=bind,from=a,target=/t true', ['a']],
  ['RUN --mount=from=a,target=/t --network=none --mount=type=cache,target=/c,from=b true', ['a', 'b']],
  ['RUN --mount=FROM=a,target=/t true', ['a']],
  ['RUN --mount=from=b,from=a true', ['a']],
  ['RUN --mount=type=secret,id=from=a true', []],
  ['RUN --mount=type=bind,source=x-from=a,target=/t true', []],
  ['RUN --mount=type=bind,"from=a",target=/t true', []],
  ['RUN tool --mount=from=a', []],
  ['RUN docker cp --from=a', []],
  ['RUN --network=none tool --from=a', []],
  ['RUN <<EOF\nCOPY --from=a /x /x\nEOF', []],
];

test.each(rows)('%s', (text, names) => {
  const [instruction] = instructionsOf(text).instructions;
  expect(takenFrom(instruction!)).toEqual(names);
});

test.each(rows)('the scanner and the stages take the same from it: %s', (text, names) => {
  const stages = stagesOf(`FROM one AS a\nFROM two AS b\nFROM three\n${text}\n`)!;
  const needed = [...neededStages(stages, undefined)].flatMap(({ alias }) => alias ?? []).toSorted();
  expect(needed).toEqual(names.filter((name) => name === 'a' || name === 'b').toSorted());
  const { copied } = scanDockerfile(`FROM three\n${text}\n`, new Map());
  expect(copied.map(({ image }) => image)).toEqual(names);
});
