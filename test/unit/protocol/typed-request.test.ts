import { inputOf } from '../../../src/protocol/command-input';
import { requestOfFields } from '../../../src/protocol/typed-request';

const environment = new Map([
  ['AWS_PROFILE', 'ci'],
  ['DOCKER_HOST', 'tcp://build-2:2376'],
  ['https_proxy', 'http://proxy:3128'],
  ['GO_PIPELINE_LABEL', '1.42'],
]);

test("fields as they are typed, of the current folder; the shell's variables are the job's", () => {
  expect(requestOfFields(['Repository=team/app', 'Tags=a,b', 'BuildArgs=A=1=2', 'Platform='], environment)).toEqual({
    workingDirectory: '.',
    // The others are the agent's, which this shell is: AWS and the daemon are asked as a task without fields would.
    environmentVariables: new Map([['GO_PIPELINE_LABEL', '1.42']]),
    fields: new Map([
      ['Repository', 'team/app'],
      ['Tags', 'a,b'],
      ['BuildArgs', 'A=1=2'],
      ['Platform', ''],
    ]),
  });
});

test('nobody needs a tag to look for a fault', () => {
  expect(requestOfFields(['Repository=team/app'], environment)).toMatchObject({
    fields: new Map([
      ['Repository', 'team/app'],
      ['Tags', 'check'],
    ]),
  });
});

test.each([
  [['Repositry=a'], 'there is no field Repositry; is Repository meant'],
  [['xyz=a'], 'there is no field xyz'],
  [['Repository=a', 'Repository=b'], 'field Repository is given twice'],
  [['Repository=a', 'request.json'], '"request.json" is neither a request nor FIELD=VALUE'],
])('%j: %s', (typed, problem) => {
  expect(requestOfFields(typed, environment)).toBe(problem);
});

test.each([
  ['run', ['request.json'], { file: 'request.json' }],
  ['check', ['-'], { file: '-' }],
  ['check', ['Repository=a', 'Tags=b'], { fields: ['Repository=a', 'Tags=b'] }],
  ['run', ['Repository=a'], undefined],
  ['run', [], undefined],
  ['check', [], undefined],
  ['check', ['a.json', 'b.json'], undefined],
] as const)('%s %j', (command, args, input) => {
  expect(inputOf(command, args)).toEqual(input);
});
