import { frontendTooOld } from '../../../../src/docker/buildkit/frontend-too-old';
import { told } from '../told';

const PREFIX = 'failed to solve with frontend dockerfile.v0: failed to create LLB definition: ';
const HEREDOC = 'FROM lab/busybox:1\nRUN <<EOT\necho a\nEOT\n';

test('a here-document, which an old frontend takes for instructions', () => {
  const text = `${PREFIX}dockerfile parse error line 3: unknown instruction: ECHO`;
  expect(told(frontendTooOld(text, HEREDOC, 'docker/Dockerfile'))).toEqual({
    code: 'BUILD_FRONTEND_TOO_OLD',
    hop: 'none',
    blame: 'build',
    message:
      'docker/Dockerfile line 2: a here-document (<<EOT) is newer than the Dockerfile frontend that the daemon uses',
    hint: 'Begin the Dockerfile with "# syntax=docker/dockerfile:1" (the daemon must reach that image), or build on a newer engine',
    words: text,
    transient: false,
  });
});

test('a flag, with a frontend that the Dockerfile names', () => {
  const text = `${PREFIX}dockerfile parse error line 3: Unknown flag: checksum`;
  const dockerfile = '# syntax=docker/dockerfile:1.2\nFROM x\nADD --checksum=sha256:00 http://h/x /x\n';
  expect(told(frontendTooOld(text, dockerfile, 'Dockerfile'))).toMatchObject({
    code: 'BUILD_FRONTEND_TOO_OLD',
    message: 'Dockerfile line 3: --checksum is newer than the Dockerfile frontend that the daemon uses',
    hint: 'Name a newer frontend in the # syntax= line, or write the instruction without it',
  });
});

test.each([
  ['dockerfile parse error on line 3: unknown instruction: BOGUS', 'FROM x\nRUN true\nBOGUS x\n'],
  ['dockerfile parse error on line 2: unknown flag: --bogus', 'FROM x\nCOPY --bogus a b\n'],
  ['dockerfile parse error line 5: unknown instruction: BOGUS', `${HEREDOC}BOGUS\n`],
  ['dockerfile parse error on line 1: FROM requires either one or three arguments', 'FROM a b c d\n'],
  ['something else', HEREDOC],
])('not that: %s', (text, dockerfile) => {
  expect(frontendTooOld(text, dockerfile, 'Dockerfile')).toBeUndefined();
});
