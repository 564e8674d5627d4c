import { describeOrigin, type Sourced } from '../../../src/domain/origin';
import { parseSettings } from '../../../src/config/settings';
import { planOf, problemsIn, type Given } from './given';

interface World extends Given {
  readonly file?: object;
}

const plan = ({ file = {}, ...given }: World = {}) =>
  planOf({ ...given, settings: parseSettings(JSON.stringify(file), '/etc/s.json') });
const shown = (found: Sourced<string> | undefined): string =>
  found === undefined ? 'none' : `${found.value} (${describeOrigin(found.origin)})`;
const merged = (one: World, other: World): World => ({
  fields: { ...other.fields, ...one.fields },
  job: { ...other.job, ...one.job },
  agent: { ...other.agent, ...one.agent },
  file: { ...other.file, ...one.file },
  properties: { ...other.properties, ...one.properties },
});

type Row = readonly [origin: string, says: World, shown: string];

/** By what is decided, in the order in which it counts. */
const ORDERS: Readonly<Record<string, readonly Row[]>> = {
  region: [
    ['field', { fields: { Region: 'eu-west-1' } }, 'eu-west-1 (field Region)'],
    ['job', { job: { AWS_REGION: 'eu-west-2' } }, 'eu-west-2 (job variable AWS_REGION)'],
    ['file', { file: { 'default.Region': 'eu-west-3' } }, 'eu-west-3 (agent settings default.Region)'],
    ['environment', { agent: { AWS_REGION: 'eu-north-1' } }, 'eu-north-1 (agent environment AWS_REGION)'],
    [
      'property',
      { properties: { 'default.Region': 'eu-south-1' } },
      'eu-south-1 (server property gocd.ecr.default.Region)',
    ],
  ],
  registryId: [
    ['field', { fields: { RegistryId: '111122223333' } }, '111122223333 (field RegistryId)'],
    ['file', { file: { 'default.RegistryId': '222233334444' } }, '222233334444 (agent settings default.RegistryId)'],
    [
      'property',
      { properties: { 'default.RegistryId': '333344445555' } },
      '333344445555 (server property gocd.ecr.default.RegistryId)',
    ],
  ],
  profile: [
    ['field', { fields: { AwsProfile: 'one' } }, 'one (field AwsProfile)'],
    ['job', { job: { AWS_PROFILE: 'two' } }, 'two (job variable AWS_PROFILE)'],
    ['file', { file: { 'default.AwsProfile': 'three' } }, 'three (agent settings default.AwsProfile)'],
    ['environment', { agent: { AWS_PROFILE: 'four' } }, 'four (agent environment AWS_PROFILE)'],
    [
      'property',
      { properties: { 'default.AwsProfile': 'five' } },
      'five (server property gocd.ecr.default.AwsProfile)',
    ],
  ],
  role: [
    [
      'field',
      { fields: { AssumeRole: 'arn:aws:iam::111122223333:role/one' } },
      'arn:aws:iam::111122223333:role/one (field AssumeRole)',
    ],
    [
      'file',
      { file: { 'default.AssumeRole': 'arn:aws:iam::111122223333:role/two' } },
      'arn:aws:iam::111122223333:role/two (agent settings default.AssumeRole)',
    ],
    [
      'property',
      { properties: { 'default.AssumeRole': 'arn:aws:iam::111122223333:role/three' } },
      'arn:aws:iam::111122223333:role/three (server property gocd.ecr.default.AssumeRole)',
    ],
  ],
};

const CASES = Object.entries(ORDERS).flatMap(([what, rows]) =>
  rows.flatMap(([first, says, text], index) => [
    [what, first, 'nothing', says, text] as const,
    ...rows.slice(index + 1).map(([second, other]) => [what, first, second, merged(says, other), text] as const),
  ]),
);

test.each(CASES)('%s: %s goes before %s', (what, _first, _second, world, text) => {
  const { aws } = plan(world);
  const found = { region: aws.region, registryId: aws.registryId, profile: aws.profile, role: aws.role?.arn };
  expect(shown(found[what as keyof typeof found])).toBe(text);
});

describe('a default of any field', () => {
  const file = { 'default.Platform': 'linux/arm64', 'default.FloatingTags': 'latest,${GO_STAGE_NAME}' };

  test('counts where the field is blank, with its variables, and is told', () => {
    const found = plan({ file });
    expect([found.build.platform, found.floatingTags]).toEqual(['linux/arm64', ['latest', 'image']]);
    expect(found.notes).toEqual([
      'Platform is "linux/arm64" here: agent settings default.Platform',
      'FloatingTags is "latest,${GO_STAGE_NAME}" here: agent settings default.FloatingTags',
    ]);
    expect(found.fieldsSet).toEqual([{ name: 'Repository' }]);
    const own = plan({ file, fields: { Platform: 'linux/amd64', FloatingTags: 'edge' } });
    expect([own.build.platform, own.floatingTags, own.notes]).toEqual(['linux/amd64', ['edge'], []]);
  });

  test('of the file goes before one of the server, and both before what is built in', () => {
    const properties = { 'default.Platform': 'linux/s390x', 'default.Cleanup': 'keep' };
    const found = plan({ file, properties });
    expect([found.build.platform, found.cleanup]).toEqual(['linux/arm64', 'keep']);
    expect(found.notes).toContain('Cleanup is "keep" here: server property gocd.ecr.default.Cleanup');
  });

  test('decides what the image is, so that a rerun with another one is another run', () => {
    const hash = (world: World): string => plan(world).run.mark.fields;
    expect(hash({ file })).toBe(hash({ fields: { Platform: 'linux/arm64' } }));
    expect(hash({ file })).not.toBe(hash({}));
  });

  test('is read as the field is, and what is wrong with it says where it is written', () => {
    expect(
      problemsIn(() =>
        plan({ file: { 'default.Platform': 'arm', 'default.Mode': 'pull', 'default.Region': 'Europe' } }),
      ),
    ).toEqual([
      'Mode (agent settings default.Mode): "pull" is not one of push, build, check',
      'Platform (agent settings default.Platform): "arm" is not a platform: it looks like linux/arm64 or linux/arm/v7',
      'Region (agent settings default.Region): "Europe" is not an AWS region: it looks like eu-west-1 or us-gov-east-1',
    ]);
    expect(problemsIn(() => plan({ properties: { 'default.Target': '${NOPE}' } }))).toEqual([
      'Target (server property gocd.ecr.default.Target): "${NOPE}" names a variable that neither the job nor the agent has',
    ]);
  });

  test('a blank one is none, and a secret that it names is one', () => {
    expect(plan({ file: { 'default.Platform': ' ' } }).notes).toEqual([]);
    const found = plan({ file: { 'default.Secrets': 'id=npm,env=VAULT' }, job: { VAULT: 'nobody-knows' } });
    expect(found.secrets.map(({ name }) => name)).toEqual(['VAULT']);
  });

  test('the repository’s host tells region and account before a default does', () => {
    const Repository = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/cart';
    const { aws } = plan({
      fields: { Repository },
      file: { 'default.Region': 'eu-west-3', 'default.RegistryId': '222233334444' },
    });
    expect([shown(aws.region), shown(aws.registryId)]).toEqual([
      'eu-central-1 (host in field Repository)',
      '123456789012 (host in field Repository)',
    ]);
  });
});

test('the platform of a daemon of the settings is the task’s where that names none', () => {
  const file = { 'daemon.arm': 'unix:///arm.sock', 'daemon.arm.platform': 'linux/aarch64' };
  expect(plan({ file, fields: { DockerHost: 'arm' } }).build.platform).toBe('linux/arm64');
  expect(plan({ file, fields: { DockerHost: 'arm', Platform: 'linux/amd64' } }).build.platform).toBe('linux/amd64');
  expect(plan({ file }).build.platform).toBeUndefined();
});
