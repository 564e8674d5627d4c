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
