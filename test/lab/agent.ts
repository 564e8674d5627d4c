import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

const BRIDGE = join(__dirname, '../../bridge/target');
const STOP_MS = 20_000; // the plugin gives a running task 8 s when its JVM ends

export interface AgentOptions {
  readonly jar: string;
  /** The JVM's working directory, to which GoCD's `workingDirectory` is relative; `plugins_work` is made in it. */
  readonly workFolder: string;
  /** The agent's whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** JVM system properties, as `gocd.agent.extra.properties` makes them. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Puts GoCD's ring buffer before the console: 10,240 lines, emptied every 10 s. */
  readonly ring?: boolean;
  /** The file that gets what the plugin logs, one `LEVEL message` a line. */
  readonly pluginLog: string;
}

export interface ExecuteRequest {
  readonly config: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  readonly environmentVariables: Readonly<Record<string, string>>;
  /** The names that GoCD marks secure. */
  readonly secureVariables?: readonly string[];
  /** false: the config goes out as it is, not rebuilt from the configuration reply's keys as GoCD does. */
  readonly rebuild?: boolean;
}

export interface Answer {
  readonly code: number;
  readonly body: string | null;
}

export interface Execution extends Answer {
  readonly lines: readonly string[];
  readonly success: boolean;
  readonly message: string;
}

export interface Agent {
  readonly pid: number;
  configuration(): Promise<Answer>;
  view(): Promise<Answer>;
  validate(body: string): Promise<Answer>;
  /** Any other message. */
  request(name: string, body: string | null): Promise<Answer>;
  /** While one runs, a second one is what GoCD's on-cancel plugin task is: its end nulls the static console. */
  execute(request: ExecuteRequest, onLine?: (line: string) => void): Promise<Execution>;
  /** GoCD's cancel: SIGTERM to every descendant of the JVM, once. The pids that got it. */
  cancel(): Promise<readonly number[]>;
  descendants(): Promise<readonly number[]>;
  setProperties(set: Readonly<Record<string, string>>, clear?: readonly string[]): Promise<void>;
  /** What a server does that replaces the plugin. */
  unload(): Promise<void>;
  stop(): Promise<void>;
}

type Command = Readonly<Record<string, unknown>>;
interface Event {
  readonly id?: number;
  readonly line?: string;
  readonly reply?: Answer;
  readonly error?: string;
  readonly cancelled?: readonly number[];
  readonly descendants?: readonly number[];
}

/** A JVM that loads the jar through Felix as a GoCD agent does. */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  mkdirSync(options.workFolder, { recursive: true });
  const child = spawn(javaProgram(), javaArguments(options), { cwd: options.workFolder, env: options.env });
  const events = new Events(child);
  await events.ready;
  const ask = async (command: Command): Promise<Answer> => (await events.send(command)).reply!;
  return {
    pid: child.pid!,
    configuration: () => ask({ do: 'configuration' }),
    view: () => ask({ do: 'view' }),
    validate: (body) => ask({ do: 'validate', body }),
    request: (name, body) => ask({ do: 'request', name, body }),
    execute: (request, onLine) => execute(events, request, onLine),
    cancel: async () => (await events.send({ do: 'cancel' })).cancelled!,
    descendants: async () => (await events.send({ do: 'descendants' })).descendants!,
    setProperties: async (set, clear = []) => {
      await events.send({ do: 'properties', set, clear });
    },
    unload: async () => {
      await events.send({ do: 'unload' });
    },
    stop: () => stop(child),
  };
}

async function execute(events: Events, request: ExecuteRequest, onLine?: (line: string) => void): Promise<Execution> {
  const { config, workingDirectory, environmentVariables, secureVariables = [], rebuild = true } = request;
  const properties = Object.entries(config).map(([key, value]) => [key, { value, secure: false, required: false }]);
  const body = JSON.stringify({
    context: { workingDirectory, environmentVariables },
    config: Object.fromEntries(properties) as unknown,
  });
  const lines: string[] = [];
  const { reply } = await events.send({ do: 'execute', body, secure: secureVariables, rebuild }, (line) => {
    lines.push(line);
    onLine?.(line);
  });
  const outcome = JSON.parse(reply!.body ?? '{}') as { readonly success: boolean; readonly message: string };
  return { ...reply!, lines, success: outcome.success, message: outcome.message };
}

/** The harness's events, each to the command that it answers. */
class Events {
  readonly ready: Promise<void>;
  readonly #waiting = new Map<number, { line(text: string): void; done(event: Event): void; fail(why: Error): void }>();
  readonly #errors: string[] = [];
  #gone: Error | undefined;
  #count = 0;

  constructor(private readonly child: ChildProcessWithoutNullStreams) {
    const lines = createInterface({ input: child.stdout });
    this.ready = new Promise((resolve, reject) => {
      lines.once('line', () => resolve());
      child.once('error', reject);
      child.once('close', (code, signal) => reject(this.#end(`${code ?? signal ?? ''}`)));
    });
    this.ready.catch(() => undefined);
    lines.on('line', (line) => this.#take(JSON.parse(line) as Event));
    child.stderr.on('data', (text: Buffer) => this.#errors.push(text.toString()));
    child.stdin.on('error', () => undefined);
  }

  send(command: Command, line: (text: string) => void = () => undefined): Promise<Event> {
    const id = ++this.#count;
    return new Promise((done, fail) => {
      if (this.#gone !== undefined) return fail(this.#gone);
      this.#waiting.set(id, { line, done, fail });
      this.child.stdin.write(`${JSON.stringify({ ...command, id })}\n`);
    });
  }

  #take(event: Event): void {
    const waiting = this.#waiting.get(event.id ?? 0);
    if (waiting === undefined) return;
    if (event.line !== undefined) return waiting.line(event.line);
    this.#waiting.delete(event.id ?? 0);
    if (event.error === undefined) waiting.done(event);
    else waiting.fail(new Error(event.error));
  }

  #end(how: string): Error {
    this.#gone = new Error(`The agent's JVM has ended (${how}). ${this.#errors.join('')}`);
    for (const { fail } of this.#waiting.values()) fail(this.#gone);
    return this.#gone;
  }
}

function javaArguments({ jar, workFolder, properties = {}, ring = false, pluginLog }: AgentOptions): string[] {
  const libraries = readFileSync(join(BRIDGE, 'harness.classpath'), 'utf8').trim();
  const classPath = [join(BRIDGE, 'test-classes'), join(BRIDGE, 'classes'), libraries].join(delimiter);
  const settings = Object.entries(properties).map(([key, value]) => `-D${key}=${value}`);
  const main = ['-cp', classPath, 'gocd.ecr.bridge.harness.AgentMain'];
  const given = ['--jar', jar, '--work', workFolder, '--log', pluginLog, '--ring', String(ring)];
  return ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', ...settings, ...main, ...given];
}

/** By our own PATH: the agent's environment may be anything. */
function javaProgram(): string {
  const programs = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'java'));
  const program = programs.find((file) => existsSync(file));
  if (program !== undefined) return program;
  throw new Error('The agent needs a java on PATH');
}

async function stop(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  child.stdin.end('{"do":"quit"}\n');
  await gone;
  clearTimeout(late);
}
