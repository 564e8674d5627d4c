import { linesAt, linesOfStep } from '../../../../src/docker/buildkit/failing-instruction';
import { vertexName } from '../../../../src/docker/buildkit/trace/vertex-name';
import { excerptOf } from '../../../../src/docker/dockerfile-excerpt';

const DOCKERFILE = `# syntax=docker/dockerfile:1
ARG VERSION=1
FROM base:\${VERSION} AS build
ENV A=1
WORKDIR /srv

RUN one && \\
    # inside
    two

# about the copy
COPY . .
FROM scratch
COPY --from=build /srv /srv
RUN <<EOF
three
EOF
`;

test.each([
  ['[build 1/4] FROM docker.io/library/base:1', 3, 3],
  ['[build 2/4] WORKDIR /srv', 5, 5],
  ['[build 3/4] RUN one &&     two', 7, 9],
  ['[build 4/4] COPY . .', 12, 12],
  ['[build 5/6] RUN one', 7, 9], // two steps of the base image's ONBUILD stand before
  ['[linux/amd64->arm64 build  3/4] RUN one', 7, 9],
  ['[stage-1 1/2] COPY --from=build /srv /srv', 14, 14],
  ['[stage-1 2/2] RUN <<EOF (three)', 15, 17],
])('%s', (name, from, to) => {
  expect(linesOfStep(vertexName(name), DOCKERFILE)).toEqual({ from, to });
});

test.each([
  '[3/4] RUN which stage', // there are two
  '[other 3/4] RUN no such stage',
  '[build 3/4] COPY is not what stands there',
  '[build 1/4] RUN neither',
  '[build 2/9] RUN far before the first',
  '[build 3/6] ONBUILD RUN of the base image',
  '[internal] load build context',
])('not sure: %s', (name) => {
  expect(linesOfStep(vertexName(name), DOCKERFILE)).toBeUndefined();
});

test('one stage has no name, or is called stage-0', () => {
  const one = 'FROM a\nRUN b\n';
  expect(linesOfStep(vertexName('[2/2] RUN b'), one)).toEqual({ from: 2, to: 2 });
  expect(linesOfStep(vertexName('[stage-0 2/2] RUN b'), one)).toEqual({ from: 2, to: 2 });
});

test('a language that the scanner does not know', () => {
  expect(linesOfStep(vertexName('[2/2] RUN b'), 'FROM a\nRUN b\nNEW x\n')).toBeUndefined();
});

test('a line within no instruction stands for itself', () => {
  expect(linesAt(7, DOCKERFILE)).toEqual({ from: 7, to: 9 });
  expect(linesAt(8, DOCKERFILE)).toEqual({ from: 8, to: 8 });
});

describe('excerpt', () => {
  test('three lines around, blank ones at the end left out', () => {
    expect(excerptOf('a\nb\nc\nd\ne\nf\n\n', 'docker/Dockerfile', 5)).toEqual({
      type: 'dockerfile-excerpt',
      path: 'docker/Dockerfile',
      lines: ['b', 'c', 'd', 'e', 'f'].map((text, index) => ({ number: index + 2, text, failing: text === 'e' })),
    });
  });

  test('of a long instruction its beginning', () => {
    const event = excerptOf('x\n'.repeat(40), 'Dockerfile', 10, 35);
    const numbers = event?.type === 'dockerfile-excerpt' ? event.lines.map(({ number }) => number) : [];
    expect([numbers[0], numbers.at(-1)]).toEqual([7, 24]);
  });

  test.each([0, 4, -1])('no line %s', (line) => {
    expect(excerptOf('a\nb\nc', 'Dockerfile', line)).toBeUndefined();
  });
});
