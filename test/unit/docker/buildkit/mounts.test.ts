import { PLAIN_BUILD } from '../../../../src/domain/plain-build';
import type { PluginEvent } from '../../../../src/domain/events';
import type { BuildPlan } from '../../../../src/domain/plan';
import { Secret } from '../../../../src/domain/secret';
import { checkMounts } from '../../../../src/docker/buildkit/mounts';
import { told } from '../told';

function check(dockerfile: string, plan: Partial<BuildPlan> = {}): readonly PluginEvent[] {
  const events: PluginEvent[] = [];
  const source = { dockerfile, bases: [], stages: [] };
  checkMounts({ plan: { ...PLAIN_BUILD, ...plan }, source }, (event) => void events.push(event));
  return events;
}

function refusal(dockerfile: string, plan: Partial<BuildPlan> = {}): object {
  try {
    check(dockerfile, plan);
  } catch (error) {
    return told(error);
  }
  throw new Error('not refused');
}

test('a secret that the Dockerfile requires and the plan lacks', () => {
  expect(refusal('FROM x\nRUN true\nRUN --mount=type=secret,id=npm,required=true cat')).toEqual({
    code: 'BUILD_SECRET_MISSING',
    hop: 'none',
    blame: 'config',
    message: 'Dockerfile line 3 needs the secret npm, which field Secrets does not have',
    hint: 'Add a line to Secrets: id=npm,env=NAME or id=npm,src=PATH',
    words: undefined,
    transient: false,
  });
});

test('an ssh agent likewise', () => {
  expect(refusal('FROM x\nRUN --mount=type=cache,target=/c --mount=type=ssh,required git clone x')).toMatchObject({
    code: 'BUILD_SECRET_MISSING',
    message: 'Dockerfile line 2 needs the ssh agent default, which field Ssh does not have',
    hint: 'Add a line to Ssh: default',
  });
});

test('one that is not required is told, once', () => {
  const mount = 'RUN --mount=type=secret,target=/run/secrets/token cat';
  expect(check(`FROM x\n${mount}\n${mount}\n`)).toEqual([
    {
      type: 'build-warning',
      text: 'Dockerfile line 2 mounts the secret token, which field Secrets does not have: RUN goes without it',
    },
  ]);
});

const npm = { id: 'npm', from: { kind: 'value' as const, variable: 'NPM', value: new Secret('x') } };

test.each<[string, string, Partial<BuildPlan>]>([
  ['the plan has it', 'FROM x\nRUN --mount=type=secret,id=npm,required=true y', { secrets: [npm] }],
  ['no flag but an argument', 'FROM x\nRUN echo --mount=type=secret,id=npm,required=true', {}],
  ['a variable decides', 'FROM x\nRUN --mount=type=secret,id=$ID,required=true y', {}],
  ['a stage that is not built', 'FROM x AS a\nRUN --mount=type=secret,id=npm,required=true y\nFROM x AS b\nRUN z', {}],
  [
    'a stage that the target leaves out',
    'FROM x AS a\nRUN z\nFROM a\nRUN --mount=type=secret,id=npm,required=true y',
    { target: 'A' },
  ],
  ['a language that the scanner does not know', 'FROM x\nNEW y\nRUN --mount=type=secret,id=npm,required=true y', {}],
])('nothing to say: %s', (_, dockerfile, plan) => {
  expect(check(dockerfile, plan)).toEqual([]);
});

test.each([
  'FROM x AS a\nRUN --mount=type=secret,id=npm,required=true y\nFROM a\nRUN z',
  'FROM x AS a\nRUN --mount=type=secret,id=npm,required=true y\nFROM x\nCOPY --chown=1 --from=a /z /z',
  'FROM x AS a\nRUN --mount=type=secret,id=npm,required=true y\nFROM x\nCOPY --from=0 /z /z',
  'FROM x AS a\nRUN --mount=type=secret,id=npm,required=true y\nFROM x\nRUN --mount=type=bind,from=a,target=/z z',
])('a stage that is needed: %s', (dockerfile) => {
  expect(refusal(dockerfile)).toMatchObject({ code: 'BUILD_SECRET_MISSING' });
});
