import { createHash } from 'node:crypto';
import { makePlan } from '../../../src/config/plan';
import { planOf, surroundings, type Given } from './given';

function labels(given: Given = {}): Record<string, string> {
  return Object.fromEntries(planOf(given).build.labels);
}

/** What the run's own label holds. */
function identity(given: Given = {}): Record<string, string> {
  return JSON.parse(labels(given)['gocd-ecr-task.run'] ?? '{}') as Record<string, string>;
}

const OCI = 'org.opencontainers.image.';
const FIELDS_HASH = /^[0-9a-f]{64}$/;

describe('the labels of an image', () => {
  test('tell which run made it', () => {
    expect(labels({ job: { GO_MATERIAL_URL: 'https://git.example.com/shop/cart' } })).toEqual({
      [`${OCI}revision`]: '3fa9c1d2b7e8',
      [`${OCI}source`]: 'https://git.example.com/shop/cart',
      [`${OCI}version`]: '1.42',
      'gocd-ecr-task.run': expect.any(String) as string,
    });
    expect(identity()).toEqual({
      pipeline: 'cart',
      counter: '42',
      revision: 'GO_REVISION=3fa9c1d2b7e8',
      fields: expect.stringMatching(FIELDS_HASH) as string,
    });
  });

  test('of the identity stay where OCI labels are not wanted', () => {
    expect(Object.keys(labels({ fields: { OciLabels: 'false', Labels: 'a=1' } }))).toEqual(['a', 'gocd-ecr-task.run']);
  });

  test('of the user go before the OCI ones, even empty', () => {
    const found = labels({
      fields: { Labels: `${OCI}version=mine\n${OCI}revision=\nteam=\${TEAM}` },
      job: { TEAM: 'a\nb' },
    });
    expect([found[`${OCI}version`], found[`${OCI}revision`], found['team']]).toEqual(['mine', '', 'a\nb']);
  });

  test('with several materials name all revisions, and no single source', () => {
    const several = {
      GO_REVISION_CART: 'aaa',
      GO_REVISION_BASE: 'bbb',
      GO_MATERIAL_URL_CART: 'https://a',
      GO_MATERIAL_URL_BASE: 'https://b',
    };
    const plan = planOf({ job: several });
    expect(identity({ job: several })['revision']).toBe(
      'GO_REVISION=3fa9c1d2b7e8 GO_REVISION_BASE=bbb GO_REVISION_CART=aaa',
    );
    expect(plan.build.labels.has(`${OCI}source`)).toBe(false);
  });

  test('with one named material name that one', () => {
    expect(labels({ job: { GO_MATERIAL_URL_CART: 'git@github.com:shop/cart.git' } })[`${OCI}source`]).toBe(
      'git@github.com:shop/cart.git',
    );
  });

  test.each([
    ['https://user:hunter2@git.example.com/x?y', 'https://git.example.com/x?y'],
    ['https://token@git.example.com/x', 'https://git.example.com/x'],
    ['https://user:******@git.example.com/x', 'https://git.example.com/x'],
    ['ssh://git@git.example.com/x', 'ssh://git@git.example.com/x'],
    ['ssh://git:hunter2@git.example.com/x', 'ssh://git@git.example.com/x'],
    ['https://us er:pw@bad host/x', 'https://bad host/x'],
    ['git@github.com:x/y', 'git@github.com:x/y'],
    ['/srv/git/x', '/srv/git/x'],
  ])('show the source %s as %s', (url, shown) => {
    expect(labels({ job: { GO_MATERIAL_URL: url } })[`${OCI}source`]).toBe(shown);
  });

  test('outside GoCD are only what there is', () => {
    const given = { ...surroundings({ fields: { Tags: 'x' } }), jobVariables: new Map<string, string>() };
    const [[name, value = ''] = [], ...others] = makePlan(given).build.labels;
    expect([name, Object.keys(JSON.parse(value) as object), others]).toEqual(['gocd-ecr-task.run', ['fields'], []]);
  });
});

describe('the hash of the fields', () => {
  const hash = (given: Given): string => identity(given)['fields'] ?? '';

  test('changes with every field that decides the content', () => {
    const changes = [
      { Context: 'x' },
      { Dockerfile: 'x' },
      { BuildArgs: 'A=1' },
      { BuildArgs: 'A=2' },
      { Labels: 'A=1' },
      { OciLabels: 'false' },
      { Target: 'x' },
      { Platform: 'linux/amd64' },
      { NetworkMode: 'none' },
      { ExtraHosts: 'a:10.0.0.1' },
      { Secrets: 'id=a,src=a' },
      { Secrets: 'id=a,src=b' },
      { BuildContexts: 'a=.' },
      { Provenance: 'true' },
    ];
    const hashes = [hash({}), ...changes.map((fields) => hash({ fields }))];
    expect(new Set(hashes).size).toBe(changes.length + 1);
  });

  test('does not change with the others, nor with line ends or blanks around', () => {
    const fields = { BuildArgs: 'A=1\nB=2', Target: 'x' };
    const same = {
      ...fields,
      Tags: 'other',
      Mode: 'build',
      NoCache: 'true',
      Pull: 'true',
      Builder: 'buildkit',
      Ssh: 'a=/run/agent.sock',
      ShmSize: '1g',
      Ulimits: 'core=0',
      RegistryLogins: '210987654321.dkr.ecr.us-east-1.amazonaws.com',
      CacheFrom: 'a.io/x',
      CacheTo: 'type=inline',
      FloatingTags: 'latest',
      ExistingTag: 'fail',
      AlsoPushTo: '210987654321.dkr.ecr.us-east-1.amazonaws.com/xx',
      AssumeRole: 'arn:aws:iam::123456789012:role/x',
      ExternalId: 'x-1',
      AwsProfile: 'ci',
      RepositorySettings: '{}',
      BuildArgs: 'A=1\r\nB=2\n',
      Target: ' x ',
    };
    expect(hash({ fields: same })).toBe(hash({ fields }));
  });

  test('knows the image of a version that had fewer fields: a blank one is not in it', () => {
    const typed = [
      ['Context', 'app'],
      ['BuildArgs', 'A=1'],
    ];
    const before = createHash('sha256').update(JSON.stringify(typed)).digest('hex');
    expect(hash({ fields: Object.fromEntries(typed) as Record<string, string> })).toBe(before);
  });

  test('is over what is typed, so that no secret is in it', () => {
    const fields = { BuildArgs: 'A=${T}' };
    expect(hash({ fields, job: { T: '1' } })).toBe(hash({ fields, job: { T: '2' } }));
    expect(hash({ fields, job: { T: '1' } })).not.toBe(hash({ fields: { BuildArgs: 'A=1' } }));
  });
});
