import { mkdtemp, readdir, readFile, realpath, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outputNames } from '../../../src/files/output';
import { openRawLog } from '../../../src/files/raw-log';
import { createResultFiles } from '../../../src/files/results';
import { readRepositorySettings } from '../../../src/files/repository-settings-file';
import { readSettingsFile } from '../../../src/files/settings-file';
import { createTaskService } from '../../../src/host/task';
import type { TaskTools } from '../../../src/host/task-tools';
import type { Reply } from '../../../src/protocol/task-service';
import { CONTEXT, digest, FakeClock, FakeDocker, FakeEcr, failure, HOST } from '../../unit/pipeline/fake-ports';

let cwd: string;
beforeEach(async () => {
  cwd = await realpath(await mkdtemp(join(tmpdir(), 'task-')));
  await mkdir(join(cwd, 'pipelines/cart'), { recursive: true });
});
afterEach(() => rm(cwd, { recursive: true }));

const FAULT =
  'PLUGIN_FAULT: gocd-ecr-task itself failed. Please report this with ecr-image.log, in which secrets are masked';

/** Real files, real plan, real console; the daemon and AWS are fakes. */
class World {
  readonly clock = new FakeClock();
  readonly docker = new FakeDocker();
  readonly ecr = new FakeEcr(this.clock);
  readonly printed: string[] = [];
  readonly faults: unknown[] = [];
  readonly environment = new Map<string, string>();
  ticking = 0;
  redact: (text: string) => string = (text) => text;
  readonly abort = new AbortController();

  tools(change: Partial<TaskTools> = {}): TaskTools {
    return {
      version: '1.2.3',
      runtime: 'Node v20.1.2 on linux x64',
      view: '{"displayValue":"d","template":"t"}',
      cwd,
      agentEnvironment: this.environment,
      clock: this.clock,
      openEcr: async () => this.ecr,
      openDocker: async () => this.docker,
      openSources: async () => ({
        inspect: async () => ({ dockerfile: 'FROM scratch', bases: [], stages: [] }),
        measure: async () => CONTEXT,
      }),
      resultFiles: async (redact) => createResultFiles({ version: '1.2.3', redact }),
      openRawLog: (folder, resultFile) => openRawLog(folder, outputNames(resultFile).log),
      readSettings: (path, folder) => readSettingsFile(path, folder),
      readDockerContext: () => Promise.resolve(undefined),
      readRepositorySettings: (path, folder) => readRepositorySettings(path, folder),
      everySecond: (work) => {
        this.ticking++;
        work();
        return () => {
          this.ticking--;
        };
      },
      fault: (error) => {
        this.faults.push(error);
      },
      masking: (redact) => (this.redact = redact),
      ...change,
    };
  }

  execute(
    fields: Record<string, string> = {},
    variables: Record<string, string> = {},
    change: Partial<TaskTools> = {},
    secureNames: readonly string[] = [],
  ): Promise<Reply> {
    const all = { Repository: `${HOST}/shop/cart`, Tags: '1,2', ...fields };
    const gocd = { GO_PIPELINE_NAME: 'cart', GO_PIPELINE_COUNTER: '7', GO_STAGE_NAME: 's', GO_JOB_NAME: 'j' };
    return createTaskService(this.tools(change)).execute(
      {
        request: {
          workingDirectory: 'pipelines/cart',
          environmentVariables: new Map(Object.entries({ ...gocd, ...variables })),
          fields: new Map(Object.entries(all)),
        },
        serverProperties: new Map(),
        secureNames: new Set(secureNames),
      },
      (line) => this.printed.push(line),
      this.abort.signal,
    );
  }
}

const file = (name: string): Promise<string> => readFile(join(cwd, 'pipelines/cart', name), 'utf8');
const names = async (): Promise<string[]> => (await readdir(join(cwd, 'pipelines/cart'))).sort();
const put = (name: string, text: string): Promise<void> => writeFile(join(cwd, 'pipelines/cart', name), text);

describe('Mode=check', () => {
  const tried = (world: World): string[] =>
    world.printed.flatMap(
      (line) =>
        /^ {2}\S*([✓✗?])\S* (\w+)/
          .exec(line.replace(/\u001b\[\d*m/g, ''))
          ?.slice(1, 3)
          .join(' ') ?? [],
    );

  it('tells settings and plan before it tries anything', async () => {
    const world = new World();
    expect(await world.execute({ Mode: 'check' })).toEqual({
      success: true,
      message: 'Checked: every hop answered, nothing was built',
    });
    expect(tried(world).slice(0, 3)).toEqual(['✓ settings', '✓ plan', '✓ dockerfile']);
    expect(world.printed.slice(1, 5).map((line) => line.replace(/^.{0,40}? {2,}(?:\d+ ms)? +/, ''))).toEqual([
      'no settings file (GOCD_ECR_SETTINGS is not set)',
      `${HOST}/shop/cart`,
      'tags: 1, 2',
      'fields set: Repository Tags(2) Mode',
    ]);
    expect(await names()).toEqual(['ecr-image.log']);
  });

  it('tells settings and plan where there is no plan', async () => {
    const world = new World();
    const reply = await world.execute({ Mode: ' check ', Tags: 'a b' });
    expect(reply.message).toMatch(/^CONFIG_INVALID: Tags: /);
    expect(tried(world)).toEqual(['✓ settings', '✗ plan']);
    expect(world.docker.calls).toEqual([]);
  });

  it('tells settings that cannot be read', async () => {
    const world = new World();
    world.environment.set('GOCD_ECR_SETTINGS', '/nowhere/settings.json');
    expect((await world.execute({ Mode: 'check' })).success).toBe(false);
    expect(tried(world)).toEqual(['✗ settings', '? plan']);
  });

  it('is no hop where it is another mode', async () => {
    const world = new World();
    await world.execute({ Mode: 'build' });
    expect(tried(world)).toEqual([]);
  });
});

describe('a task that succeeds', () => {
  it('leaves its files in the job folder below the folder of the agent, and says so', async () => {
    const world = new World();
    expect(await world.execute()).toEqual({
      success: true,
      message: `Pushed ${HOST}/shop/cart@${digest('d')} as 1, 2`,
    });
    expect(await names()).toEqual(['ecr-image.env', 'ecr-image.json', 'ecr-image.log']);
    expect(await file('ecr-image.env')).toBe(`IMAGE=${HOST}/shop/cart@${digest('d')}\n`);
    const result = JSON.parse(await file('ecr-image.json')) as { phases: object; plugin: object };
    expect(Object.keys(result.phases)).toEqual(['preflight', 'login', 'build', 'push', 'verify', 'cleanup']);
    expect(result.plugin).toEqual({ id: 'gocd-ecr-task', version: '1.2.3' });
    expect(world.printed.at(-1)).toContain('files: ecr-image.json ecr-image.env ecr-image.log');
    expect(world.ticking).toBe(0);
  });

  it('has its whole console in the raw log, from the first line to the last', async () => {
    const world = new World();
    await world.execute();
    const log = await file('ecr-image.log');
    expect(log.split('\n')[0]).toMatch(/^\S+Z .*shop\/cart {2}build \+ push {4}gocd-ecr-task 1\.2\.3$/);
    expect(log.trimEnd()).toMatch(/files: ecr-image\.json ecr-image\.env ecr-image\.log$/);
  });

  it('but whose result cannot be written has failed: whoever comes next would not find it', async () => {
    const world = new World();
    const reply = await world.execute(
      {},
      {},
      {
        resultFiles: async (redact) => {
          const real = createResultFiles({ version: '1.2.3', redact });
          return { begin: (plan) => real.begin(plan), finish: () => Promise.reject(failure('RESULT_FILE')) };
        },
      },
    );
    expect(reply).toEqual({ success: false, message: 'RESULT_FILE: it is RESULT_FILE. Already pushed: 1, 2' });
    expect(world.printed.join('\n')).toContain('RESULT_FILE');
  });
});

describe('a wrong configuration', () => {
  it('is told whole, leaves a failure file, and removes the results of an earlier run', async () => {
    await put('ecr-image.json', '{}');
    await put('ecr-image.env', 'IMAGE=yesterday\n');
    const world = new World();
    const reply = await world.execute({ Repository: '', Tags: 'a b', Mode: 'pull' });
    expect([reply.success, reply.message.slice(0, 16)]).toEqual([false, 'CONFIG_INVALID: ']);
    for (const field of ['Repository', 'Tags', 'Mode']) expect(reply.message).toContain(`${field}: `);
    expect(await names()).toEqual(['ecr-image.failed.json']);
    expect(JSON.parse(await file('ecr-image.failed.json'))).toMatchObject({ ended: 'failed', code: 'CONFIG_INVALID' });
    expect(world.printed.join('\n')).toContain('3 problems, nothing was started');
    expect(world.printed.at(-1)).toContain('Details: ecr-image.failed.json');
    expect(world.docker.calls).toEqual([]);
    expect(world.ticking).toBe(0);
  });

  it('shows no secret, whoever says that it is one', async () => {
    const world = new World();
    const variables = { PLAIN: 'known to gocd', NPM_TOKEN: 'looks secret' };
    const fields = { Tags: '${PLAIN}\n${NPM_TOKEN}', Target: '${PLAIN}', Mode: '${NPM_TOKEN}' };
    const { message } = await world.execute(fields, variables, {}, ['PLAIN']);
    const all = [message, ...world.printed, await file('ecr-image.failed.json'), world.redact('looks secret')].join(
      '\n',
    );
    expect(all).toContain('CONFIG_INVALID');
    expect(all).toContain('****');
    expect(all).not.toContain('known to gocd');
    expect(all).not.toContain('looks secret');
  });

  it('touches no file where ResultFile itself is in doubt', async () => {
    await put('ecr-image.json', '{}');
    for (const ResultFile of ['${NOBODY}.json', '../out.json', '/out.json', 'result.txt', '#{name}.json']) {
      expect((await new World().execute({ ResultFile, Tags: 'a b' })).success).toBe(false);
      expect(await names()).toEqual(['ecr-image.json']);
    }
  });

  it('never removes the result of another task of the same job', async () => {
    expect((await new World().execute()).success).toBe(true);
    const before = await file('ecr-image.json');
    const reply = await new World().execute({ Repository: `${HOST}/shop/other`, Tags: 'a b' });
    expect(reply.message).toContain('CONFIG_INVALID: Tags: ');
    expect(await file('ecr-image.json')).toBe(before);
    expect(await names()).toEqual(['ecr-image.env', 'ecr-image.json', 'ecr-image.log']);
  });

  it('is told without a job folder, too', async () => {
    await rm(join(cwd, 'pipelines'), { recursive: true });
    const reply = await new World().execute({ Tags: 'a b' });
    expect(reply.message).toContain('CONFIG_INVALID: Tags: ');
    expect(await readdir(cwd)).toEqual([]);
  });
});

describe('the settings file', () => {
  it('is named by the environment of the agent', async () => {
    const world = new World();
    world.environment.set('GOCD_ECR_SETTINGS', join(cwd, 'settings.json'));
    await writeFile(join(cwd, 'settings.json'), '{"daemon.near":"unix:///near.sock"}', { mode: 0o600 });
    let socket = '';
    await world.execute(
      { DockerHost: 'near' },
      {},
      {
        openDocker: async ({ daemon }) => {
          socket = daemon.kind === 'unix' ? daemon.socketPath : '';
          return world.docker;
        },
      },
    );
    expect(socket).toBe('/near.sock');
  });

  it('that cannot be read fails the task', async () => {
    const world = new World();
    world.environment.set('GOCD_ECR_SETTINGS', '/nowhere/settings.json');
    const reply = await world.execute();
    expect(reply).toEqual({
      success: false,
      message:
        "CONFIG_INVALID: The agent's settings file /nowhere/settings.json (agent environment GOCD_ECR_SETTINGS) cannot be found (ENOENT). Create it, or remove GOCD_ECR_SETTINGS from the environment of the agent",
    });
  });

  it('is never named by a job', async () => {
    const reply = await new World().execute({}, { GOCD_ECR_SETTINGS: '/nowhere/settings.json' });
    expect(reply.success).toBe(true);
  });
});

describe('a task that fails', () => {
  it('says on the console, in the reply and in its file the same', async () => {
    const world = new World();
    world.docker.faults.set('build', [failure('BUILD_RUN_FAILED')]);
    expect(await world.execute()).toEqual({ success: false, message: 'BUILD_RUN_FAILED: it is BUILD_RUN_FAILED' });
    expect(await names()).toEqual(['ecr-image.failed.json', 'ecr-image.log']);
    expect(world.printed.join('\n')).toContain('BUILD_RUN_FAILED');
    expect(world.faults).toEqual([]);
  });

  it('because it would overwrite the result of another task, leaves that', async () => {
    await new World().execute({}, { GO_STAGE_COUNTER: '1' });
    const before = await file('ecr-image.json');
    const reply = await new World().execute({ Repository: `${HOST}/shop/other` }, { GO_STAGE_COUNTER: '1' });
    expect(reply).toEqual({
      success: false,
      message: `RESULT_FILE: ecr-image.json was already written by this job for ${HOST}/shop/cart; this task builds shop/other. Give each task of the job its own field ResultFile`,
    });
    expect(await file('ecr-image.json')).toBe(before);
  });

  it('because its job folder is missing, says so', async () => {
    await rm(join(cwd, 'pipelines'), { recursive: true });
    const reply = await new World().execute();
    expect(reply.success).toBe(false);
    expect(reply.message).toContain(join(cwd, 'pipelines/cart'));
  });

  it('by a defect of ours, asks for a report; the stack is in the raw log and in the log of the process', async () => {
    const world = new World();
    const defect = new TypeError('x is not a function, s3cret-token');
    const openDocker = (): Promise<never> => Promise.reject(defect);
    const reply = await world.execute({}, { MY_TOKEN: 's3cret-token' }, { openDocker });
    expect(reply).toEqual({ success: false, message: FAULT });
    const log = await file('ecr-image.log');
    expect(log).toContain('TypeError: x is not a function, ****');
    expect(log).toMatch(/ {4}at .*task\.test\.ts/);
    expect(world.faults).toEqual([defect]);
    expect(world.redact(defect.message)).toBe('x is not a function, ****');
    expect([log, ...world.printed].join('\n')).not.toContain('s3cret-token');
  });
});

describe('a task that is cancelled', () => {
  it('before it began, begins nothing', async () => {
    const world = new World();
    world.abort.abort('signal');
    expect(await world.execute()).toEqual({
      success: false,
      message: 'CANCELLED: before anything was done. No tag was pushed',
    });
    expect(world.docker.calls).toEqual([]);
  });

  it('says where it was', async () => {
    const world = new World();
    world.docker.faults.set('build', [() => world.abort.abort('disconnect')]);
    world.docker.faults.set('tag 1', ['hang']);
    const reply = await world.execute();
    expect(reply.success).toBe(false);
    expect(reply.message).toMatch(/^CANCELLED: in (build|push)\. No tag was pushed$/);
    expect(await names()).toEqual(['ecr-image.failed.json', 'ecr-image.log']);
  });
});

describe('the other messages', () => {
  const service = createTaskService(new World().tools());

  it('are answered from what is fixed', () => {
    expect(service.view()).toBe('{"displayValue":"d","template":"t"}');
    expect(JSON.parse(service.configuration())).toHaveProperty('Repository');
  });

  it('validate answers {} or its errors', () => {
    expect(service.validate('{"Repository":{"value":"#{repo}"},"Tags":{"value":"1"}}')).toBe('{}');
    const wrong = JSON.parse(service.validate('{"Mode":{"value":"pull"}}')) as { errors: Record<string, string> };
    expect(Object.keys(wrong)).toEqual(['errors']);
    expect(Object.keys(wrong.errors).sort()).toEqual(['Mode', 'Repository']);
  });
});
