import { validateFields } from '../../../src/config/validate';
import { parseIgnoreFile } from '../../../src/context/ignore-file';
import { endColours, inline, sanitise, withoutUserInfo } from '../../../src/console/sanitise';

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
  ['DockerHost', `tcp://${many('a')}!`],
  ['DockerHost', `tcp://${many('a.')}`],
  ['ExtraHosts', `${many('a')}!`],
  ['ExtraHosts', `${many('a-')}:1`],
  ['Platform', `linux/${many('a')}!`],
  ['Region', many('a-')],
  ['NetworkMode', `${many('a')}!`],
  ['Target', `${many('a.')}!`],
  ['Labels', `${many('a')}=${many('b')}`],
  ['NoSuchField', many('x')],
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
])('a line of %s', (_what, work) => {
  expect(spent(work)).toBeLessThan(LIMIT_MS);
});
