import { refuseBuildKitOnly } from '../../../src/docker/classic/buildkit-only';
import type { StepError } from '../../../src/domain/errors';
import { told } from './told';

function refusal(dockerfile: string): StepError | undefined {
  try {
    refuseBuildKitOnly(dockerfile, 'docker/Dockerfile');
    return undefined;
  } catch (error) {
    return error as StepError;
  }
}

test.each([
  ['RUN <<EOF\nnpm ci\nEOF', 'RUN with a here-document (<<EOF)'],
  ['RUN cat <<-"STOP" > /x\n\tline\n\tSTOP', 'RUN with a here-document (<<STOP)'],
  ['RUN cat << EOF > /x\nline\nEOF', 'RUN with a here-document (<<EOF)'],
  ['RUN cat <<E-O_F > /x\nline\nE-O_F', 'RUN with a here-document (<<E-O_F)'],
  ['ONBUILD RUN <<EOF\nline\nEOF', 'ONBUILD with a here-document (<<EOF)'],
  ['COPY <<conf.d /etc/x\nline\nconf.d', 'COPY with a here-document (<<conf.d)'],
  ['ADD --checksum=sha256:00 https://example.org/x /x', 'ADD with --checksum'],
  ['COPY --chown=1:1 --exclude=*.md . /srv', 'COPY with --exclude'],
  ['COPY --parents a/b /srv', 'COPY with --parents'],
  ['ADD --keep-git-dir=true https://example.org/x.git /x', 'ADD with --keep-git-dir'],
  ['add \\\n  --unpack=false x.tar /x', 'ADD with --unpack'],
  ['COPY --chmod=0755 a /a', 'COPY with --chmod'],
  ['RUN --mount=type=secret,id=x true', 'RUN with --mount'],
  ['RUN --network=none true', 'RUN with --network'],
])('BuildKit only, and some engines would leave it out without a word: %s', (instruction, what) => {
  expect(told(refusal(`FROM x\n${instruction}\n`))).toEqual({
    code: 'BUILD_FAILED',
    hop: 'none',
    blame: 'build',
    message: `docker/Dockerfile line 2: ${what} needs BuildKit, and this is the classic builder`,
    hint: 'Set Builder=auto and name a daemon that has BuildKit, or write the instruction without it (some daemons would leave it out without a word)',
    words: undefined,
    transient: false,
  });
});

test.each([
  'RUN echo $((1 << 2))',
  'RUN echo $((1 << N))',
  'RUN cat <<< "EOF"',
  'RUN cat <<EOF\nRUN nothing closes it\n\tEOF',
  'RUN echo "a <<EOF b"',
  'COPY --link a /b',
  'COPY --chown=1:1 --from=x a /b',
  'COPY a --exclude /b',
  'RUN tar --exclude=x -c .',
  'RUN docker run --mount=x --network=none y',
  '# RUN <<EOF',
  'CMD ["x", "<<EOF"]',
])('left alone: %s', (instruction) => {
  expect(refusal(`FROM x\n${instruction}\n`)).toBeUndefined();
});
