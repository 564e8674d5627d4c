import { PLAIN_BUILD } from '../../../../src/domain/plain-build';
import type { BuildPlan } from '../../../../src/domain/plan';
import { chooseBuilder, wantsBuildKit } from '../../../../src/docker/buildkit/choose-builder';
import { told } from '../told';

const ABSENT = { kind: 'none', why: 'HTTP 404 to POST /session' } as const;
const plan = (fields: Partial<BuildPlan>): BuildPlan => ({ ...PLAIN_BUILD, ...fields });

test.each([
  ['auto', 'Builder=auto, and the daemon has BuildKit'],
  ['buildkit', 'Builder=buildkit'],
] as const)('%s, and a session: BuildKit', (builder, why) => {
  expect(wantsBuildKit(plan({ builder }))).toBe(true);
  expect(chooseBuilder(plan({ builder }), { kind: 'h2c' })).toEqual({ builder: 'buildkit', why, session: 'h2c' });
});

test('auto, and none: the classic builder', () => {
  expect(chooseBuilder(plan({}), ABSENT)).toEqual({
    builder: 'classic',
    why: 'the daemon has no BuildKit: it answered HTTP 404 to POST /session',
    session: undefined,
  });
});

test.each<[Partial<BuildPlan>, string]>([
  [{ builder: 'classic' }, 'Builder=classic'],
  [{ networkMode: 'ci' }, 'BuildKit has no network ci (field NetworkMode)'],
])('%j: none is tried', (fields, why) => {
  expect(wantsBuildKit(plan(fields))).toBe(false);
  expect(chooseBuilder(plan(fields), undefined)).toEqual({ builder: 'classic', why, session: undefined });
});

test.each(['default', 'none', 'host'])('network %s is one of BuildKit too', (networkMode) => {
  expect(wantsBuildKit(plan({ networkMode }))).toBe(true);
});

const agent = { id: 'default', socketPath: { value: '/s', origin: { kind: 'field', name: 'Ssh' } } } as const;

test.each<[Partial<BuildPlan>, string]>([
  [{ builder: 'buildkit' }, 'Builder=buildkit needs BuildKit'],
  [{ provenance: 'mode=min' }, 'Provenance needs BuildKit'],
  [{ ssh: [agent], noCache: ['a'] }, 'Ssh and NoCache with stage names need BuildKit'],
  [
    { ssh: [agent], cacheTo: [{ type: 'inline', ref: undefined, attributes: new Map() }], provenance: 'mode=min' },
    'Ssh, CacheTo and Provenance need BuildKit',
  ],
])('%j on a daemon without BuildKit', (fields, needs) => {
  let error: unknown;
  try {
    chooseBuilder(plan(fields), ABSENT);
  } catch (thrown) {
    error = thrown;
  }
  expect(told(error)).toEqual({
    code: 'CONFIG_INVALID',
    hop: 'agent-daemon',
    blame: 'config',
    message: `${needs}, and the daemon has no BuildKit: it answered HTTP 404 to POST /session`,
    hint: 'Name a daemon that has it in DockerHost (Docker Engine 20.10 and later, not Podman), or leave that out',
    words: undefined,
    transient: false,
  });
});
