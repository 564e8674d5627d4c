import { configurationReply } from '../../../src/config/configuration';
import { FIELDS, fieldNamed, GROUPS } from '../../../src/config/fields';

describe('the table of fields', () => {
  test('holds the fields of this version and no others, the first screen first', () => {
    const keys = GROUPS.map(({ id }) => [id, FIELDS.filter((field) => field.group === id).map((field) => field.key)]);
    expect(keys).toEqual([
      ['main', ['Repository', 'Tags', 'Context', 'Dockerfile', 'BuildArgs', 'DockerHost']],
      ['push', ['FloatingTags', 'ExistingTag', 'Source', 'AlsoPushTo']],
      [
        'build',
        [
          'Target',
          'Platform',
          'NoCache',
          'Pull',
          'Labels',
          'OciLabels',
          'NetworkMode',
          'ExtraHosts',
          'ShmSize',
          'Ulimits',
        ],
      ],
      ['buildkit', ['Builder', 'Provenance', 'Secrets', 'Ssh', 'BuildContexts']],
      ['registries', ['RegistryLogins', 'CacheFrom', 'CacheTo']],
      ['daemon', ['TlsVerify', 'CertPath', 'TlsCa', 'TlsCert', 'TlsKey']],
      ['aws', ['Region', 'RegistryId', 'AssumeRole', 'ExternalId', 'AwsProfile']],
      ['repository', ['CreateRepository', 'RepositorySettings']],
      ['run', ['Mode', 'Cleanup', 'TimeoutMinutes', 'ResultFile']],
    ]);
    expect(FIELDS.map((field) => field.key)).toEqual(keys.flatMap(([, group]) => group));
  });

  test.each(FIELDS)('$key is a JS identifier with a name, a placeholder and one sentence of help', (field) => {
    expect(field.key).toMatch(/^[A-Z][A-Za-z]*$/);
    expect(field.displayName).toMatch(/^[A-Z]/);
    expect(field.placeholder).not.toBe('');
    expect(field.help).toMatch(/^[^!]+\.$/);
    // Double braces are an expression in AngularJS.
    expect(field.placeholder + field.help).not.toContain('{{');
  });

  test.each(FIELDS)('$key shows its default, and a default is a legal value', (field) => {
    if (field.default !== '') expect(field.placeholder).toBe(field.default);
    if (field.choices.length > 0 && field.default !== '') expect(field.choices).toContain(field.default);
    if (field.choices.length > 0) expect(field.suggestions).toEqual(field.choices);
  });

  test('the defaults, which never change within a major version', () => {
    expect(
      Object.fromEntries(FIELDS.map((field) => [field.key, field.default]).filter(([, text]) => text !== '')),
    ).toEqual({
      Tags: '${GO_PIPELINE_LABEL}',
      ExistingTag: 'reuse',
      Context: '.',
      NoCache: 'false',
      Pull: 'false',
      OciLabels: 'true',
      Builder: 'auto',
      CreateRepository: 'never',
      Mode: 'push',
      Cleanup: 'own',
      ResultFile: 'ecr-image.json',
    });
  });

  test('finds a field by its key, and nothing that an object would have', () => {
    expect(fieldNamed('Tags')?.kind).toBe('tags');
    expect(fieldNamed('constructor')).toBeUndefined();
  });
});

describe('the configuration reply', () => {
  const reply = JSON.parse(configurationReply()) as Record<string, Record<string, unknown>>;

  test('has every field in the order of the form', () => {
    expect(Object.keys(reply)).toEqual(FIELDS.map((field) => field.key));
    expect(Object.values(reply).map((field) => field['display-order'])).toEqual(
      FIELDS.map((_, index) => String(index)),
    );
  });

  test('says what GoCD wants of a field, with no default and no secret', () => {
    expect(reply['Repository']).toEqual({
      'display-name': 'Repository',
      'display-order': '0',
      'default-value': '',
      required: true,
      secure: false,
    });
    for (const [key, field] of Object.entries(reply)) {
      expect([key, field['default-value'], field['secure'], field['required']]).toEqual([
        key,
        '',
        false,
        key === 'Repository',
      ]);
    }
  });
});
