import { validateFields } from '../../../src/config/validate';
import { scanDockerfile } from '../../../src/context/dockerfile';
import { parseIgnoreFile } from '../../../src/context/ignore-file';
import { endColours, inline, sanitise, withoutUserInfo } from '../../../src/console/sanitise';
import { refuseBuildKitOnly } from '../../../src/docker/classic/buildkit-only';

// One event loop serves the task: while it is busy with a text, no cancel and no time-out is heard. The limit is that of
// docs/security.md, rule 24; a matcher that goes back needs minutes for these.
const LIMIT_MS = 50;
const MANY = 20_000;

function spent(work: () => unknown): number {
  work(); // compiled, and the schema with it
  const times = [1, 2, 3].map(() => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return Math.min(...times); // the others are of a busy machine
}

const many = (text: string): string => text.repeat(MANY);

test.each<[string, string]>([
  ['Tags', many('${')],
  ['Tags', many('${A:1:')],
  ['Tags', `\${A:${many('1')}}`],
  ['Tags', many('a')],
  ['Repository', `${many('a-')}!`],
  ['Repository', many('://')],
  ['Repository', many('.')],
  ['Repository', `${many('.')}/${many(':')}`],
  ['DockerHost', `tcp://${many('a')}!`],
  ['DockerHost', `tcp://${many('a.')}`],
  ['ExtraHosts', `${many('a')}!`],
  ['ExtraHosts', `${many('a-')}:1`],
  ['ExtraHosts', `a:${many(':')}g`],
  ['Context', many('../')],
  ['Dockerfile', many('a/../')],
  ['ResultFile', many('../')],
  ['Platform', `linux/${many('a')}!`],
  ['Region', many('a-')],
  ['NetworkMode', `${many('a')}!`],
  ['Target', `${many('a.')}!`],
  ['Labels', `${many('a')}=${many('b')}`],
  ['NoSuchField', many('x')],
  [many('NoSuchField'), 'x'],
])('%#: a field of %.20s that is made to take long', (key, text) => {
  const fields = new Map(Object.entries({ Repository: 'shop/cart', Tags: '1', [key]: text }));
  expect(spent(() => validateFields(fields))).toBeLessThan(LIMIT_MS);
});

test.each<[string, () => unknown]>([
  ['addresses without an end', () => withoutUserInfo(`${many('a://b')}@`)],
  ['a scheme without an end', () => withoutUserInfo(`${many('a')}://@`)],
  ['escapes that begin', () => sanitise(many('\u001b['))],
  ['a colour without an end', () => sanitise(`\u001b[${many('1;')}`)],
  ['colours that begin', () => inline(many('\u001b[1'))],
  ['tabs', () => sanitise(many('\t'))],
  ['colours', () => endColours(many('\u001b[1m'))],
  ['an ignore file of steps up', () => parseIgnoreFile(many('a/../'))],
  ['an ignore file of steps out', () => parseIgnoreFile(many('../'))],
  ['an ignore file with blanks', () => parseIgnoreFile(`x${many(' ')}y`)],
])('a line of %s', (_what, work) => {
  expect(spent(work)).toBeLessThan(LIMIT_MS);
});

// Whole files: the rule has no figure for them. With the square of their length they need many seconds.
const FILE_LIMIT_MS = 1_500;
const LINES = 50_000;
const lines = (text: string): string => text.repeat(LINES);
const long = (text: string): string => text.repeat(4 * LINES); // of one line
const numbered = (text: (index: number) => string): string => Array.from({ length: LINES }, (_, i) => text(i)).join('');

test.each<[string, string]>([
  ['blanks that end in a letter', `FROM a\nRUN x${long(' ')}x\n`],
  ['blanks at the beginning', `FROM a\n${long(' ')}1\n`],
  ['blanks before an escape', `FROM a\nRUN x${lines(' \\\n')}x\n`],
  ['empty lines', `${lines('\n')}FROM a\n`],
  ['here-documents that nothing closes', `FROM a\n${lines('RUN <<A\n')}`],
  ['here-documents that nothing closes, each another', `FROM a\n${numbered((index) => `RUN <<A${index}\n`)}`],
  ['here-documents that are closed', `FROM a\n${lines('RUN <<-A\n\tA\n')}`],
  ['here-documents that were closed before', `FROM a\nRUN <<A\nA\n${lines('RUN <<A\n')}`],
  ['here-documents in one line', `FROM a\nRUN ${long('<<A ')}\n`],
  ['stages', numbered((index) => `FROM a AS b${index}\n`)],
  ['copies', numbered((index) => `FROM a AS b${index}\nCOPY --from=c d e\n`)],
  ['arguments in one line', `ARG ${long('A=1 ')}\nFROM a`],
  ['arguments in arguments', `ARG A=${lines('${A:-')}\nFROM $A`],
  ['arguments in arguments and quotes', `ARG A=${lines('"${A:-')}\nFROM $A`],
  ['an argument, many times', `ARG A=${'a'.repeat(4000)}\nFROM ${long('$A')}`],
  ['arguments twice as long each', `ARG A=aa\n${lines('ARG A=$A$A\n')}FROM $A`],
])('a Dockerfile of %s', (_what, text) => {
  expect(spent(() => scanDockerfile(text, new Map()))).toBeLessThan(FILE_LIMIT_MS);
});

test.each<[string, string]>([
  ['here-documents that nothing closes', `FROM a\n${lines('RUN <<A\n')}`],
  ['here-documents that nothing closes, each another', `FROM a\n${numbered((index) => `RUN << A${index}\n`)}`],
  ['blanks that end in a letter', `FROM a\nRUN ${long(' ')}x\n`],
  ['tabs behind a here-document', `FROM a\nRUN <<-A\n${long('\t')}x\n`],
  ['options', `FROM a\nCOPY ${long('--link ')}a b\n`],
])('a Dockerfile for the classic builder of %s', (_what, text) => {
  expect(spent(() => refuseBuildKitOnly(text, 'Dockerfile'))).toBeLessThan(FILE_LIMIT_MS);
});
