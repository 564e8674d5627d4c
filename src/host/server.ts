import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseStartLine, type StartLine } from '../protocol/handshake';
import { faultReply } from '../protocol/outcome';
import type { Reply, TaskService } from '../protocol/task-service';
import { asStepError } from '../pipeline/run';
import { createApp } from './app';
import { firstLine } from './first-line';
import { logFault, type HostLog } from './host-log';
import { OneRun } from './one-run';

const MAX_START_LINE = 16 * 1024 * 1024; // security.md 6
const START_LINE_MS = 15_000; // as long as the bridge waits for us
const IDLE_MS = 10 * 60_000; // a spare that nobody asks gives its memory back
const STOP_MS = 9_000; // gone within 10 s of a cancel, with a second for the answer to get out
const ANSWER_MS = 500;
const MAX_HEADERS = 1024 * 1024; // one header for each server property and secure variable

export interface HostOptions {
  readonly version: string;
  readonly log: HostLog;
  service(start: StartLine): Promise<TaskService>;
  /** Called with each message name; a process that nobody asks for anything is a spare and may warm up. */
  asked(request: string): void;
  /** Lets go of threads; false: one hangs in the system (a dead network folder), where an exit would wait for it for ever. */
  release(): Promise<boolean>;
}

/** The whole life of a host process: start line, port line, at most one task, end. Never returns to its caller's control. */
export async function serve(options: HostOptions): Promise<void> {
  const { log } = options;
  const run = new OneRun();
  process.on('uncaughtException', (error) => broken(error, run, log)); // unhandled rejections come here too
  // Whoever has stopped reading the log has not stopped the task.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  process.on('SIGTERM', () => stop(run, 'signal', 143));
  const start = await startLine(log);
  for (const event of ['end', 'close', 'error']) process.stdin.on(event, () => stop(run, 'parent-gone', 0));
  run.signal.addEventListener('abort', () => guard(run, options));
  const service = await options.service(start);
  const server = await listen(options, run, start, service);
  process.stdout.write(`${JSON.stringify({ port: portOf(server), pid: process.pid, version: options.version })}\n`);
  await run.ended;
  await leave(options, exitCode(run));
}

async function leave({ release }: HostOptions, code: number): Promise<never> {
  if (!(await release())) process.kill(process.pid, 'SIGKILL');
  process.exit(code);
}

async function startLine(log: HostLog): Promise<StartLine> {
  const late = setTimeout(() => quit(log, 'no start line came within 15 s'), START_LINE_MS);
  try {
    return parseStartLine(await firstLine(process.stdin, MAX_START_LINE));
  } catch (error) {
    return quit(log, error instanceof Error ? error.message : 'stdin cannot be read');
  } finally {
    clearTimeout(late);
  }
}

function quit(log: HostLog, reason: string): never {
  log.error(`START_LINE: ${reason}`);
  process.exit(2);
}

async function listen(options: HostOptions, run: OneRun, { token }: StartLine, service: TaskService): Promise<Server> {
  const idle = setTimeout(() => process.exit(0), IDLE_MS);
  const server: Server = createServer(
    { maxHeaderSize: MAX_HEADERS, headersTimeout: 10_000, requestTimeout: 60_000, keepAliveTimeout: 60_000 },
    createApp({
      token,
      service,
      run,
      port: () => portOf(server),
      asked: (request) => {
        if (request === 'execute') clearTimeout(idle);
        else idle.refresh();
        options.asked(request);
      },
      fault: (error) => faultOf(error, options.log),
    }),
  );
  server.maxHeadersCount = 0; // Node drops what is over its 2,000 without a word; the size is limited
  server.on('checkContinue', (req, res) => server.emit('request', req, res));
  server.on('clientError', (_error, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** An unused process ends at once; a task is cancelled, and its end is the process's. */
function stop(run: OneRun, reason: 'signal' | 'parent-gone', code: number): void {
  if (run.state === 'running') run.cancel(reason);
  else if (run.state === 'unused') process.exit(code);
}

/** Gone within 10 s of a cancel, whatever the task does. */
function guard(run: OneRun, options: HostOptions): void {
  setTimeout(() => {
    const where = `the task did not stop within ${STOP_MS / 1000} s and was ended`;
    run.force({ success: false, message: `CANCELLED: ${where}. Refs of this run may be left on the daemon` });
    setTimeout(() => void leave(options, exitCode(run)), ANSWER_MS);
  }, STOP_MS);
}

function exitCode(run: OneRun): number {
  if (!run.signal.aborted) return 0;
  return run.signal.reason === 'signal' ? 143 : 1;
}

function faultOf(error: unknown, log: HostLog): Reply {
  logFault(log, error);
  return faultReply(asStepError(error));
}

function broken(error: unknown, run: OneRun, log: HostLog): void {
  const reply = faultOf(error, log);
  if (run.state === 'running') run.fail(reply);
  else process.exit(1);
}
