import { readFile } from 'node:fs/promises';
import type { CommandInput } from './protocol/command-input';
import { MalformedRequest } from './protocol/malformed-request';
import { parseExecute, type ExecuteRequest } from './protocol/requests';
import { requestOfFields } from './protocol/typed-request';
import { faultReply } from './protocol/outcome';
import type { TaskService } from './protocol/task-service';
import { asStepError } from './pipeline/run';
import type { CancelReason } from './domain/phase';

const MAX_REQUEST = 16 * 1024 * 1024; // security.md 6
const STOP_MS = 9_000; // as the host: gone within 10 s of a cancel

/** One task, its console on stdout. Answers the exit code: 0 or 1 by the result, 2 without one. */
export async function runTask(
  command: 'run' | 'check',
  input: CommandInput,
  environment: ReadonlyMap<string, string>,
  service: TaskService,
): Promise<number> {
  const request = 'file' in input ? await readRequest(input.file) : requestOfFields(input.fields, environment);
  if (typeof request === 'string') {
    process.stderr.write(`gocd-ecr-task: ${'file' in input ? `${input.file}: ` : ''}${request}\n`);
    return 2;
  }
  const call = {
    request: command === 'check' ? { ...request, fields: new Map([...request.fields, ['Mode', 'check']]) } : request,
    serverProperties: new Map<string, string>(),
    secureNames: new Set<string>(),
  };
  const signal = cancelledBySignals();
  const reply = await service.execute(call, say, signal).catch((error: unknown) => faultReply(asStepError(error)));
  if (!reply.success) say(reply.message);
  return reply.success ? 0 : 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The request, or what is wrong with it. */
async function readRequest(file: string): Promise<ExecuteRequest | string> {
  try {
    const bytes = file === '-' ? await readAll(process.stdin) : await readFile(file);
    if (bytes.length > MAX_REQUEST) return `it is longer than ${MAX_REQUEST} bytes`;
    return parseExecute(bytes.toString('utf8'));
  } catch (error) {
    if (error instanceof MalformedRequest) return error.message;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return `it cannot be read (${code})`;
  }
}

async function readAll(stream: NodeJS.ReadStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    chunks.push(chunk);
    if (size > MAX_REQUEST) break;
  }
  return Buffer.concat(chunks);
}

function cancelledBySignals(): AbortSignal {
  const abort = new AbortController();
  const cancel = (reason: CancelReason): void => {
    if (abort.signal.aborted) return;
    abort.abort(reason);
    setTimeout(() => process.exit(1), STOP_MS).unref();
  };
  process.on('SIGTERM', () => cancel('signal'));
  process.on('SIGINT', () => cancel('signal'));
  process.stdout.on('error', () => cancel('disconnect')); // nobody reads: `| head`
  return abort.signal;
}
