import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSources } from '../../../src/context/sources';
import { openDocker } from '../../../src/docker/docker-adapter';
import { startStandIn } from '../../../src/docker/rehearsal/stand-in';
import { outputNames } from '../../../src/files/output';
import { openRawLog } from '../../../src/files/raw-log';
import { createResultFiles } from '../../../src/files/results';
import { rehearse } from '../../../src/host/rehearse';
import type { TaskTools } from '../../../src/host/task-tools';
import type { Docker } from '../../../src/pipeline/ports';
import { runHere } from '../docker/context-jobs';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'rehearsal-'));
});
afterEach(() => rm(parent, { recursive: true }));

/** The real adapters; what they say beside their answers is kept. */
class World {
  readonly said: unknown[] = [];
  readonly called: string[] = [];
  readonly abort = new AbortController();

  readonly tools: TaskTools = {
    version: '1.2.3',
    runtime: 'Node v20.1.2 on linux x64',
    view: '',
    cwd: parent,
    agentEnvironment: new Map([['DOCKER_HOST', 'tcp://agent.example:2375']]),
    clock: {
      now: () => Date.now(),
      random: () => 0.5,
      sleep: (_ms, signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error()))),
    },
    openEcr: async () => {
      this.said.push('AWS was opened');
      throw new Error('no AWS');
    },
    openDocker: async (plan, mask) => this.#watched(await openDocker(plan, mask, runHere)),
    openSources: async () => createSources(),
    resultFiles: async (redact) => createResultFiles({ version: '1.2.3', redact }),
    openRawLog: (folder, resultFile) => openRawLog(folder, outputNames(resultFile).log),
    readSettings: async () => '',
    readDockerContext: () => Promise.resolve(undefined),
    readRepositorySettings: async () => '',
    everySecond: () => {
      this.said.push('a timer was started');
      return () => undefined;
    },
    fault: (error) => void this.said.push(error),
    masking: (mask) => void this.said.push(mask),
  };

  run = (folder = join(parent, 'job')) => rehearse(this.tools, startStandIn, folder, this.abort.signal);

  #watched(docker: Docker): Docker {
    const names = new Set<string | symbol>(['login', 'push', 'remoteDigest', 'remove', 'close']);
    return new Proxy(docker, {
      get: (target, name, receiver) => {
        if (names.has(name)) this.called.push(String(name));
        return Reflect.get(target, name, receiver) as unknown;
      },
    });
  }
}

test('a whole task, from its plan to its result files, which leaves nothing and tells nobody', async () => {
  const world = new World();
  const digest = `sha256:${'0'.repeat(64)}`;
  const reply = await world.run();
  expect(reply.message).toContain(`@${digest}`);
  expect(reply.success).toBe(true);
  expect(world.called).toEqual(['login', 'push', 'remoteDigest', 'remove', 'close']);
  expect(world.said).toEqual([]);
  expect(readdirSync(parent)).toEqual([]);
});

test('a request that comes meanwhile ends it, and nothing is left either', async () => {
  const world = new World();
  const running = world.run();
  world.abort.abort('signal');
  expect((await running).success).toBe(false);
  expect([world.said, readdirSync(parent)]).toEqual([[], []]);
});

test('whenever that request comes, the rehearsal breaks off by itself alone', async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  process.on('unhandledRejection', note);
  try {
    for (let ms = 0; ms < 60; ms++) {
      const world = new World();
      const running = world.run();
      await new Promise((resolve) => setTimeout(resolve, ms / 2));
      world.abort.abort('signal');
      await running;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  } finally {
    process.off('unhandledRejection', note);
  }
  expect(unhandled).toEqual([]);
});

test('a folder that is there already is not touched', async () => {
  const folder = join(parent, 'taken');
  mkdirSync(folder);
  writeFileSync(join(folder, 'file'), 'of somebody');
  await expect(new World().run(folder)).rejects.toMatchObject({ code: 'EEXIST' });
  expect(readdirSync(folder)).toEqual(['file']);
});
