import { Ajv } from 'ajv';
import { settingsFileIn } from '../../../src/config/repository-settings/field';
import { SETTINGS_SCHEMA } from '../../../src/config/repository-settings/schema';
import { parseSettings } from '../../../src/config/settings';
import { validateFields } from '../../../src/config/validate';
import { planOf, problemsOf, type Given } from './given';

const POLICY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::123456789012:root' }, Action: 'ecr:BatchGetImage' }],
};

const given = (settings: unknown, more: Given = {}): Given => ({
  ...more,
  fields: { ...more.fields, RepositorySettings: typeof settings === 'string' ? settings : JSON.stringify(settings) },
});
const told = (RepositorySettings: string): Record<string, string> =>
  validateFields(new Map(Object.entries({ Repository: 'shop/cart', RepositorySettings })));

/** What the task and the form say alike. */
function faultsOf(settings: unknown): string[] {
  const [field = ''] = Object.values(given(settings).fields ?? {});
  const problems = problemsOf(given(settings)).map((problem) => problem.replace('RepositorySettings: ', ''));
  expect(told(field)).toEqual({ RepositorySettings: problems.join('; ') });
  return problems;
}

describe('RepositorySettings', () => {
  test('as JSON', () => {
    const settings = {
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: ['latest*', 'dev-*'],
      scanOnPush: true,
      encryption: { type: 'KMS', kmsKey: 'alias/ecr' },
      lifecyclePolicy: { rules: [{ rulePriority: 1 }] },
      repositoryPolicy: POLICY,
      tags: { 'cost/center': 'été 7', __proto__x: '' },
    };
    expect(planOf(given(settings)).creation).toEqual({
      ifMissing: false,
      settings: {
        ...settings,
        lifecyclePolicy: '{"rules":[{"rulePriority":1}]}',
        repositoryPolicy: JSON.stringify(POLICY),
        tags: new Map([
          ['cost/center', 'été 7'],
          ['__proto__x', ''],
        ]),
      },
    });
  });

  test('what is not said is left to AWS', () => {
    expect(planOf(given('{}')).creation.settings).toEqual({
      imageTagMutability: undefined,
      imageTagMutabilityExclusionFilters: [],
      scanOnPush: undefined,
      encryption: undefined,
      lifecyclePolicy: undefined,
      repositoryPolicy: undefined,
      tags: new Map(),
    });
    expect(planOf(given({ encryption: { type: 'AES256' } })).creation.settings?.encryption).toEqual({
      type: 'AES256',
      kmsKey: undefined,
    });
  });

  test('over several lines, with tabs, and with what elsewhere would be a variable', () => {
    const text = '{\r\n\t"repositoryPolicy": { "Statement": { "Resource": "${aws:PrincipalTag/x} $${y}" } }\n}';
    expect(planOf(given(text)).creation.settings?.repositoryPolicy).toBe(
      '{"Statement":{"Resource":"${aws:PrincipalTag/x} $${y}"}}',
    );
    expect(told('{"tags": {"a": "##1"}}')).toEqual({
      RepositorySettings: 'tags.a "#1" is not the value of a tag: at most 256 letters, digits, blanks and `_.:/=+-@`',
    });
  });

  test.each<[string, string[]]>([
    ['scanOnPush: true', ['"scanOnPush: true" is neither a JSON object nor @file; variables are not expanded here']],
    ['${SETTINGS}', ['"${SETTINGS}" is neither a JSON object nor @file; variables are not expanded here']],
    ['[]', ['"[]" is neither a JSON object nor @file; variables are not expanded here']],
    ['{"scanOnPush": tru}', ['is not JSON']],
    ['{"scanOnPush": true "x"}', ['is not JSON (line 1, column 21)']],
    ['{"a": 1,\n  "b": 2,\n}', ['is not JSON (line 3, column 1)']],
    ['{"a": "x\ny"}', ['is not JSON (line 1, column 9)']],
    ['{"a": "x\u0007"}', ['holds the control character U+0007']],
    ['{"a": "x\u2028"}', ['holds the control character U+2028']],
    [`{"a": ${'['.repeat(64)}${']'.repeat(64)}}`, ['is nested more than 64 deep']],
  ])('%j', (text, faults) => {
    expect(faultsOf(text)).toEqual(faults);
  });

  test('are not read at any length', () => {
    const padded = (bytes: number): string => `{"tags": {}${' '.repeat(bytes - 12)}}`;
    expect(faultsOf(padded(1_048_577))).toEqual(['has more than 1048576 characters']);
    expect(planOf(given(padded(1_048_576))).creation.settings?.tags).toEqual(new Map());
    const escapes = `{"repositoryPolicy": {"Statement": "${'\\\\'.repeat(500_000)}"}}`;
    expect(faultsOf(escapes)).toEqual(['repositoryPolicy has more than 10240 characters, the most that ECR takes']);
  });

  test('brackets in a text are not nested', () => {
    const settings = { repositoryPolicy: { Statement: { Resource: '[{'.repeat(40) + '\\"' } } };
    expect(planOf(given(settings)).creation.settings?.repositoryPolicy).toBe(JSON.stringify(settings.repositoryPolicy));
  });

  const FILTER = 'is not a filter: 1 to 128 letters, digits and `._-`, with `*` for any of them';
  const KEY = 'which is not the key of a tag: 1 to 128 letters, digits, blanks and `_.:/=+-@`, not beginning with aws:';
  const KNOWN =
    'imageTagMutability, imageTagMutabilityExclusionFilters, scanOnPush, encryption, lifecyclePolicy, repositoryPolicy, tags';
  test.each<[object, string[]]>([
    [
      { imageTagMutabilty: 'MUTABLE' },
      ['has "imageTagMutabilty", which is not a setting; did you mean imageTagMutability?'],
    ],
    [
      { imageScanningConfiguration: {} },
      ['has "imageScanningConfiguration", which is not a setting; did you mean scanOnPush?'],
    ],
    [{ lifecyclePolicyText: '' }, ['has "lifecyclePolicyText", which is not a setting; did you mean lifecyclePolicy?']],
    [{ x: 1 }, [`has "x", which is not a setting; there are ${KNOWN}`]],
    [{ constructor: 1 }, [`has "constructor", which is not a setting; there are ${KNOWN}`]],
    [
      { imageTagMutability: 'immutable', scanOnPush: 'true' },
      [
        'imageTagMutability "immutable" is not one of MUTABLE, IMMUTABLE, MUTABLE_WITH_EXCLUSION, IMMUTABLE_WITH_EXCLUSION',
        'scanOnPush is not true or false',
      ],
    ],
    [
      { imageTagMutability: true },
      ['imageTagMutability is not one of MUTABLE, IMMUTABLE, MUTABLE_WITH_EXCLUSION, IMMUTABLE_WITH_EXCLUSION'],
    ],
    [
      { imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' },
      [
        'imageTagMutability IMMUTABLE_WITH_EXCLUSION needs imageTagMutabilityExclusionFilters, which say what is excluded',
      ],
    ],
    [
      { imageTagMutabilityExclusionFilters: ['a'] },
      [
        'imageTagMutabilityExclusionFilters is for MUTABLE_WITH_EXCLUSION and IMMUTABLE_WITH_EXCLUSION, and imageTagMutability is MUTABLE',
      ],
    ],
    [
      { imageTagMutabilityExclusionFilters: ['a?', 1, ''] },
      [
        `imageTagMutabilityExclusionFilters[0] "a?" ${FILTER}`,
        'imageTagMutabilityExclusionFilters[1] is not a text',
        `imageTagMutabilityExclusionFilters[2] "" ${FILTER}`,
      ],
    ],
    [{ imageTagMutabilityExclusionFilters: 'latest*' }, ['imageTagMutabilityExclusionFilters is not a list of texts']],
    [
      { imageTagMutabilityExclusionFilters: ['a', 'b', 'c', 'd', 'e', 'f'] },
      ['imageTagMutabilityExclusionFilters has more than 5 filters, the most that ECR takes'],
    ],
    [{ encryption: 'KMS' }, ['encryption is not a JSON object']],
    [{ encryption: {} }, ['encryption has no type: AES256, KMS or KMS_DSSE']],
    [
      { encryption: { type: 'AES', kmsKey: 'a b', encryptionType: 'KMS' } },
      [
        'encryption has "encryptionType", which is not a setting; did you mean type?',
        'encryption.type "AES" is not one of AES256, KMS, KMS_DSSE',
        'encryption.kmsKey "a b" is not the id, the alias or the ARN of a key',
      ],
    ],
    [
      { encryption: { type: 'AES256', kmsKey: 'alias/x' } },
      ['encryption.kmsKey is for KMS and KMS_DSSE, and encryption.type is AES256'],
    ],
    [{ lifecyclePolicy: '{"rules": []}' }, ['lifecyclePolicy is not a JSON object']],
    [
      { lifecyclePolicy: { lifecyclePolicyText: '' } },
      ['lifecyclePolicy has no list of rules: it is the policy itself, {"rules": […]}'],
    ],
    [
      { lifecyclePolicy: { rules: ['x'.repeat(30_720)] } },
      ['lifecyclePolicy has more than 30720 characters, the most that ECR takes'],
    ],
    [
      { repositoryPolicy: {} },
      ['repositoryPolicy has no Statement: it is the policy itself, {"Version": "2012-10-17", "Statement": […]}'],
    ],
    [
      { repositoryPolicy: { Statement: ['x'.repeat(10_240)] } },
      ['repositoryPolicy has more than 10240 characters, the most that ECR takes'],
    ],
    [{ tags: [] }, ['tags is not a JSON object']],
    [
      { tags: { team: 7, 'aws:x': '', 'Aws:y': '', 'a/b': '<', '<': '' } },
      [
        `tags has "aws:x", ${KEY}`,
        `tags has "Aws:y", ${KEY}`,
        `tags has "<", ${KEY}`,
        'tags.team is not a text',
        'tags.a/b "<" is not the value of a tag: at most 256 letters, digits, blanks and `_.:/=+-@`',
      ],
    ],
    [
      { tags: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`t${index}`, ''])) },
      ['tags has more than 50, the most that AWS takes'],
    ],
  ])('%j', (settings, faults) => {
    expect(faultsOf(settings)).toEqual(faults);
  });

  test('a secret that the job knows is not quoted', () => {
    const job = { job: { VAULT: 'hidden-123' }, secure: ['VAULT'] };
    expect(problemsOf(given({ scanOnPush: 1, imageTagMutability: 'hidden-123' }, job))).toEqual([
      'RepositorySettings: imageTagMutability "****" is not one of MUTABLE, IMMUTABLE, MUTABLE_WITH_EXCLUSION, IMMUTABLE_WITH_EXCLUSION',
      'RepositorySettings: scanOnPush is not true or false',
    ]);
  });

  test('have a schema that ajv takes in its strictest mode', () => {
    const options = { strict: true, strictTypes: true, strictTuples: true } as const;
    expect(new Ajv(options).compile(SETTINGS_SCHEMA)({ scanOnPush: true })).toBe(true);
  });
});

describe('@file', () => {
  const file = (settingsFile: NonNullable<Given['settingsFile']>): Given =>
    given('@ecr/settings.json', { settingsFile });

  test('is read before the plan is made', () => {
    expect(settingsFileIn(new Map([['RepositorySettings', ' @ ecr/settings.json\n']]))).toBe('ecr/settings.json');
    for (const text of ['', '{}', '@', '@/etc/shadow', '@../x', '@a\nb']) {
      expect(settingsFileIn(new Map([['RepositorySettings', text]]))).toBeUndefined();
    }
    expect(settingsFileIn(new Map())).toBeUndefined();
    expect(planOf(file({ text: '\uFEFF{\n  "scanOnPush": true\n}\n' })).creation.settings?.scanOnPush).toBe(true);
  });

  test.each<[string, string]>([
    ['@', '"@" names no file behind its @'],
    ['@/etc/ecr.json', `"@/etc/ecr.json" is absolute: the file lies inside the job's working directory`],
    ['@../ecr.json', `"@../ecr.json" leads out of the job's working directory`],
    ['@https://x/ecr.json', '"@https://x/ecr.json" is not a path: only files of the job are built from'],
    ['@a\tb', '"@a\\u0009b" holds a control character'],
  ])('%j is none', (text, fault) => {
    expect(faultsOf(text)).toEqual([fault]);
  });

  test('that cannot be read, or holds no settings, is a problem of the field', () => {
    expect(problemsOf(file({ problem: 'file "ecr/settings.json" is larger than 1048576 bytes' }))).toEqual([
      'RepositorySettings: file "ecr/settings.json" is larger than 1048576 bytes',
    ]);
    expect(problemsOf(given('@ecr/settings.json'))).toEqual([
      'RepositorySettings: file "ecr/settings.json" was not read',
    ]);
    expect(problemsOf(file({ text: '' }))).toEqual(['RepositorySettings: @ecr/settings.json: is not JSON']);
    expect(problemsOf(file({ text: '[]' }))).toEqual(['RepositorySettings: @ecr/settings.json: is not a JSON object']);
    expect(problemsOf(file({ text: '{"scanOnPush": 1, "x": 1}' }))).toHaveLength(2);
  });

  test('shows no secret of the job, be it typed there', () => {
    const job = { job: { VAULT: 'hidden-123' }, secure: ['VAULT'] };
    const settingsFile = { text: '{"tags": {"a": "hidden-123"}}' };
    expect(problemsOf(given('@ecr.json', { ...job, settingsFile }))).toEqual([
      'RepositorySettings: @ecr.json would show the value of variable VAULT, which is a secret, to whoever may look at the repository',
    ]);
    expect(problemsOf(given({ tags: { a: 'hidden-123' } }, job))).toEqual([
      'RepositorySettings: would show the value of variable VAULT, which is a secret, to whoever may look at the repository',
    ]);
  });

  test('may name an account, whatever variable holds its id', () => {
    const plan = planOf(given({ repositoryPolicy: POLICY }, { job: { ACCOUNT: '123456789012' }, secure: ['ACCOUNT'] }));
    expect(plan.notes).toEqual([
      'RepositorySettings: its account id is the value of variable ACCOUNT, which is a secret; the policy shows it',
    ]);
  });
});

describe('a policy that lets everybody in', () => {
  const open = { Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' };
  const policy = (...Statement: object[]): Given => given({ repositoryPolicy: { Statement } });
  const LETS = 'RepositorySettings: repositoryPolicy lets everybody in, without a Condition';
  const NEEDS = "which needs allow.public-policy=true in the agent's settings";

  test.each<[object]>([
    [open],
    [{ ...open, Principal: { AWS: '*' } }],
    [{ ...open, Principal: { AWS: ['arn:aws:iam::123456789012:root', '*'] } }],
    [{ ...open, Principal: { Service: '*' } }],
    [{ ...open, Condition: {} }],
    [{ Effect: 'Allow', NotPrincipal: { AWS: 'arn:aws:iam::123456789012:root' }, Action: '*' }],
    [{ effect: 'allow', principal: '*', action: '*' }],
  ])('%j needs the agent', (statement) => {
    expect(problemsOf(policy(statement))).toEqual([`${LETS} (statement number 1), ${NEEDS}`]);
  });

  test.each<[object]>([
    [{ ...open, Effect: 'Deny' }],
    [{ ...open, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }],
    [{ ...open, Principal: { AWS: '123456789012' } }],
    [{ ...open, Principal: { Service: 'lambda.amazonaws.com' } }],
    [{ Effect: 'Allow', Action: '*' }],
  ])('%j does not', (statement) => {
    expect(planOf(policy(statement)).creation.settings?.repositoryPolicy).toBe(
      JSON.stringify({ Statement: [statement] }),
    );
  });

  test('is told by the names of its statements, and of a file too', () => {
    const both = policy({ ...open, Sid: 'Everybody' }, { ...open, Effect: 'Deny' }, open);
    expect(problemsOf(both)).toEqual([`${LETS} (statements Everybody, number 3), ${NEEDS}`]);
    const settingsFile = { text: JSON.stringify({ repositoryPolicy: { Statement: open } }) };
    expect(problemsOf(given('@x.json', { settingsFile }))).toEqual([`${LETS} (statement number 1), ${NEEDS}`]);
  });

  test.each<[Record<string, string>, Record<string, string>, string | undefined]>([
    [{ 'allow.public-policy': 'true' }, {}, undefined],
    [{}, { 'allow.public-policy': 'true' }, undefined],
    [{ 'allow.public-policy': 'false' }, { 'allow.public-policy': 'true' }, 'agent settings allow.public-policy'],
    [
      { 'allow.public-policy': 'true' },
      { 'allow.public-policy': 'false' },
      'server property gocd.ecr.allow.public-policy',
    ],
  ])('with %j and properties %j: forbidden by %s', (settings, properties, by) => {
    const both = { ...policy(open), settings: parseSettings(JSON.stringify(settings), '/s.json'), properties };
    if (by === undefined) expect(planOf(both).creation.settings).toBeDefined();
    else expect(problemsOf(both)).toEqual([`${LETS} (statement number 1), which ${by} forbids`]);
  });
});
