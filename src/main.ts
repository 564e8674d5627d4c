import { Console } from 'node:console';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inputOf, type CommandInput } from './protocol/command-input';
import type { HostLog } from './host/host-log';
import type { TaskTools } from './host/task-tools';
import type { Clock } from './pipeline/ports';
import type { TaskService } from './protocol/task-service';

declare const GOCD_ECR_VERSION: string;
declare const GOCD_ECR_VIEW: string;
/** Code of the thread that reads contexts: src/worker.ts. */
declare const GOCD_ECR_WORKER: string;

const USAGE = `gocd-ecr-task ${GOCD_ECR_VERSION}

  serve               the host that the GoCD plugin starts; reads its start line from stdin
  run REQUEST.json    one task, from the body of GoCD's execute request; - reads stdin
  check REQUEST.json  the same task, but every hop is only tried: nothing is built or pushed, and no file is written
  check FIELD=VALUE … the same without a request: fields as in the form, the current folder as the job's, the shell's
                      variables as the job's and the agent's; Tags is check unless it is given
                        check Repository=team/app Region=eu-west-1 DockerHost=tcp://build-2:2376
  --version

run and check end with 0 when all is well, with 1 when something failed, with 2 when there was nothing to run.
`;

// A spare has this long without a request before it warms up: a process that was started for a request has other things
// to do, and one that only validates never needs what is loaded here.
const SPARE_MS = 250;

/** What this process writes beside a job's console is masked with the job's mask, once there is one. */
let redact: (text: string) => string = (text) => text;
let token = 'no token yet';

const clock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: async (ms, signal) => {
    await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
  },
};

// Each library is loaded when it is needed, or by a spare that has nothing else to do.
const docker = () => import('./docker/docker-adapter.js');
const ecr = () => import('./ecr/ecr-adapter.js');
const context = () => import('./context/sources.js');
const contextWorker = once(async () => (await import('./context/worker-host.js')).createWorker(GOCD_ECR_WORKER));
const results = () => import('./files/results.js');
const rawLog = () => import('./files/raw-log.js');

/** The first call decides. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function tools(cwd: string, agentEnvironment: ReadonlyMap<string, string>, log: HostLog): Promise<TaskTools> {
  return import('./host/host-log.js').then(({ logFault }) => ({
    version: GOCD_ECR_VERSION,
    runtime: `Node ${process.version} on ${process.platform} ${process.arch}`,
    view: GOCD_ECR_VIEW,
    cwd,
    agentEnvironment,
    clock,
    openDocker: async (plan, mask) => {
      const [{ openDocker }, worker] = await Promise.all([docker(), contextWorker()]);
      return openDocker(plan, mask, (job) => worker.run(job));
    },
    openEcr: async (aws, repository, mask) => (await ecr()).openEcr(aws, repository, mask),
    openSources: async () => {
      const [{ createSources }, worker] = await Promise.all([context(), contextWorker()]);
      return createSources((job) => worker.run(job));
    },
    resultFiles: async (mask) => (await results()).createResultFiles({ version: GOCD_ECR_VERSION, redact: mask }),
    openRawLog: async (folder, resultFile) => {
      const { outputNames } = await import('./files/output.js');
      return (await rawLog()).openRawLog(folder, outputNames(resultFile).log);
    },
    readRepositorySettings: async (path, folder) =>
      (await import('./files/repository-settings-file.js')).readRepositorySettings(path, folder),
    readSettings: async (path, folder) => (await import('./files/settings-file.js')).readSettingsFile(path, folder),
    readDockerContext: async () => (await import('./files/docker-config.js')).readDockerContext(agentEnvironment),
    everySecond: (work) => {
      const timer = setInterval(work, 1_000);
      return () => clearInterval(timer);
    },
    fault: (error) => logFault(log, error),
    masking: (mask) => (redact = mask),
  }));
}

async function openLog(): Promise<HostLog> {
  const { createLogger } = await import('./console/logger.js');
  return createLogger(process.stderr, (text) => redact(text).replaceAll(token, '****'));
}

async function host(): Promise<void> {
  // stdout is the port line and nothing else; a library that prints something prints to the log.
  globalThis.console = new Console(process.stderr, process.stderr);
  const [{ serve }, { createTaskService }, log] = await Promise.all([
    import('./host/server.js'),
    import('./host/task.js'),
    openLog(),
  ]);
  const idle = new AbortController();
  await serve({
    version: GOCD_ECR_VERSION,
    log,
    service: async (start) => {
      token = start.token.toString('hex');
      const given = await tools(start.cwd, start.env, log);
      const service = createTaskService(given);
      setTimeout(() => void warmUp(service, given, idle.signal), SPARE_MS);
      return service;
    },
    asked: () => idle.abort('signal'),
    release: async () => (await contextWorker()).close(),
  });
}

/** One thing after another, and no more of them once a request has come: that waits for one of them at most. */
async function warmUp(service: TaskService, given: TaskTools, idle: AbortSignal): Promise<void> {
  const compileSchema = (): unknown => service.validate('{}');
  const rehearsals = [
    async () => (await contextWorker()).warmUp(),
    async () => (await import('./ecr/rehearse.js')).rehearse(),
    () => rehearseTask(given, idle).catch(() => undefined), // a task does not need it
  ];
  for (const prepare of [compileSchema, rawLog, results, context, docker, ecr, ...rehearsals]) {
    if (idle.aborted) return;
    await prepare();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function rehearseTask(given: TaskTools, idle: AbortSignal): Promise<void> {
  const { rehearse } = await import('./host/rehearse.js');
  const { startStandIn } = await import('./docker/rehearsal/stand-in.js');
  await rehearse(given, startStandIn, join(process.cwd(), `rehearsal-${process.pid}`), idle);
}

async function commandLine(command: 'run' | 'check', input: CommandInput): Promise<number> {
  const [{ runTask }, { createTaskService }, log] = await Promise.all([
    import('./cli.js'),
    import('./host/task.js'),
    openLog(),
  ]);
  const { logFault } = await import('./host/host-log.js');
  process.on('uncaughtException', (error) => {
    logFault(log, error);
    process.exit(1);
  });
  const environment = new Map(Object.entries(process.env).filter((entry): entry is [string, string] => !!entry[1]));
  const given = await tools(process.cwd(), environment, log);
  return runTask(command, input, environment, createTaskService(command === 'check' ? withoutFiles(given) : given));
}

/** A check by hand leaves nothing in the folder, and removes nothing there: the last run's log may be what one looks for. */
function withoutFiles(given: TaskTools): TaskTools {
  const nothing = (): undefined => undefined;
  return {
    ...given,
    resultFiles: () => Promise.resolve({ begin: () => Promise.resolve(), finish: () => Promise.resolve([]) }),
    openRawLog: () => Promise.resolve({ write: nothing, close: () => Promise.resolve(), trouble: nothing }),
  };
}

/** A container's user without a name has no home either; the AWS SDK asks for one whatever it needs, and would throw. */
function giveHome(): void {
  try {
    homedir();
  } catch {
    process.env['HOME'] = '/';
  }
}

async function main([command, ...args]: readonly string[]): Promise<void> {
  process.on('SIGUSR1', () => undefined); // it would open an inspector (security.md 1)
  giveHome();
  // On stderr of every job otherwise, seven lines of it.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const alone = args.length === 0;
  if (command === 'serve' && alone) return host();
  const input = command === 'run' || command === 'check' ? inputOf(command, args) : undefined;
  if ((command === 'run' || command === 'check') && input !== undefined) {
    const code = await commandLine(command, input);
    if (!(await (await contextWorker()).close())) process.kill(process.pid, 'SIGKILL');
    process.exit(code);
  }
  if (command === '--version' && alone) return void process.stdout.write(`${GOCD_ECR_VERSION}\n`);
  if (command === '--help' && alone) return void process.stdout.write(USAGE);
  process.stderr.write(USAGE);
  process.exit(2);
}

void main(process.argv.slice(2));
