import fc from 'fast-check';
import { StepError } from '../../../src/domain/errors';
import type { BuildPlan } from '../../../src/domain/plan';
import { planOf } from './given';

// What would end a part, a line, a value or a text, if a variable's value were read as it was typed.
const sign = fc.constantFrom(
  ',',
  '=',
  '\n',
  ' ',
  '"',
  ';',
  ':',
  '/',
  '@',
  '$',
  '{',
  '}',
  '#',
  'a',
  '1',
  'type',
  'src',
  'env',
);
const value = fc.array(sign, { maxLength: 12 }).map((signs) => signs.join(''));

/** The build with that value in variable X; undefined: it was refused. */
function built(fields: Record<string, string>, text: string): BuildPlan | undefined {
  try {
    return planOf({ fields, job: { X: text, TOKEN: 'token-123456' } }).build;
  } catch (error) {
    if (error instanceof StepError) return undefined;
    throw error;
  }
}

/** Counts how often the value was taken: a property that never holds by being refused proves nothing. */
function always(fields: Record<string, string>, holds: (build: BuildPlan, text: string) => boolean): number {
  let taken = 0;
  const property = fc.property(value, (text) => {
    const build = built(fields, text);
    if (build) taken += 1;
    return build === undefined || holds(build, text);
  });
  fc.assert(property, { numRuns: 500, examples: [['a'], ['a/b'], ['a,src=/etc/shadow'], ['1'], ['max']] });
  return taken;
}

describe('what a variable holds is one value, never a further part, line or attribute:', () => {
  test.each<[string, Record<string, string>, (build: BuildPlan, text: string) => boolean]>([
    [
      'the file of a secret',
      { Secrets: 'id=npm,src=x/${X}' },
      ({ secrets: [only, ...more] }, text) =>
        more.length === 0 && only?.id === 'npm' && only.from.kind === 'file' && only.from.path === `x/${text}`.trim(),
    ],
    [
      'the id of a secret',
      { Secrets: 'id=${X},env=TOKEN' },
      ({ secrets: [only, ...more] }, text) =>
        more.length === 0 && only?.id === text.trim() && only.from.kind === 'value' && only.from.variable === 'TOKEN',
    ],
    [
      'the id of an ssh agent',
      { Ssh: '${X}=/run/a.sock' },
      ({ ssh: [only, ...more] }, text) =>
        more.length === 0 && only?.id === text.trim() && only.socketPath.value === '/run/a.sock',
    ],
    [
      'the user of a registry',
      { RegistryLogins: 'a.io user=${X} password-env=TOKEN' },
      ({ logins: [only, ...more] }, text) =>
        more.length === 0 && only?.kind === 'password' && only.host === 'a.io' && only.username === text.trim(),
    ],
    [
      'the reference of a cache',
      { CacheFrom: '${X}' },
      ({ cacheFrom: [only, ...more] }, text) =>
        more.length === 0 &&
        (text.trim() === '' ? only === undefined : only?.ref === text.trim() && only.attributes.size === 0),
    ],
    [
      'an attribute of a cache',
      { CacheTo: 'type=registry,ref=a.io/x,mode=${X}' },
      ({ cacheTo: [only, ...more] }, text) =>
        more.length === 0 &&
        only?.ref === 'a.io/x' &&
        only.attributes.size === 1 &&
        only.attributes.get('mode') === text.trim(),
    ],
    [
      'the folder of a named context',
      { BuildContexts: 'lib=x/${X}' },
      ({ contexts: [only, ...more] }, text) =>
        more.length === 0 && only?.source.kind === 'folder' && only.source.path === `x/${text}`.trim(),
    ],
    [
      'the builder of an attestation',
      { Provenance: 'builder-id=${X}' },
      ({ provenance }, text) => provenance === `mode=min,builder-id=${text.trim()}`,
    ],
    [
      'a stage',
      { NoCache: '${X}' },
      ({ noCache }, text) =>
        noCache !== 'all' && (text.trim() === '' ? noCache.length === 0 : noCache.join() === text.trim()),
    ],
    [
      'a limit',
      { Ulimits: 'nofile=${X}' },
      ({ ulimits: [only, ...more] }) => more.length === 0 && only?.name === 'nofile',
    ],
  ])('%s', (_, fields, holds) => {
    expect(always(fields, holds)).toBeGreaterThan(0);
  });
});
