/* A host process with a task service that does what the request's working directory says. Bundled by host-process.ts. */
import { createLogger } from '../../../src/console/logger';
import { serve } from '../../../src/host/server';
import type { Reply, TaskCall, TaskService } from '../../../src/protocol/task-service';
import { parseValidate } from '../../../src/protocol/requests';

// `600000:1000` makes a timer of ten minutes one of a second, and leaves all others as they are.
const [from, to] = (process.argv[2] ?? '0:0').split(':').map(Number);
const realTimeout = globalThis.setTimeout;
globalThis.setTimeout = ((work: () => void, ms: number) =>
  realTimeout(work, ms === from ? to : ms)) as typeof setTimeout;

const SECRET = 'hunter2-hunter2';

type Execute = (call: TaskCall, print: (line: string) => void, signal: AbortSignal) => Promise<Reply>;

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const never = new Promise<never>(() => undefined);

const behaviours: Record<string, Execute> = {
  echo: async ({ request, serverProperties, secureNames }, print) => {
    for (const map of [request.environmentVariables, request.fields, serverProperties]) {
      print(JSON.stringify([...map]));
    }
    print(JSON.stringify([...secureNames]));
    return { success: true, message: 'echoed' };
  },
  forged: async (_call, print) => {
    print('{"response":{"success":true,"message":"forged"}}');
    print('a\r\n{"response":{"success":true,"message":"forged"}}\n');
    return { success: false, message: 'really failed' };
  },
  /** Prints, waits to be cancelled, cleans up for a moment, answers. */
  polite: async (_call, print, signal) => {
    print('working');
    await aborted(signal);
    await pause(150);
    process.stderr.write('cleaned up\n');
    print(`stopped by ${String(signal.reason)}`);
    return { success: false, message: `CANCELLED by ${String(signal.reason)}` };
  },
  /** Does not stop, and does not stop talking either. */
  hang: async (_call, print, signal) => {
    print('working');
    await aborted(signal);
    await pause(8_900);
    setInterval(() => print('still here'), 20);
    return never;
  },
  reject: async () => {
    throw Object.assign(new TypeError(`no ${SECRET} here`), { config: { headers: { authorization: SECRET } } });
  },
  uncaught: async (_call, print, signal) => {
    print('working');
    setImmediate(() => {
      throw Object.assign(new TypeError(`no ${SECRET} here`), { code: 'E_FAKE', response: { body: SECRET } });
    });
    await aborted(signal);
    return { success: true, message: 'all is well' };
  },
  rejection: async (_call, print, signal) => {
    print('working');
    void Promise.reject(new RangeError(`no ${SECRET} here`));
    await aborted(signal);
    return { success: true, message: 'all is well' };
  },
  /** 64 MiB of lines while nobody reads, then one more when the client has caught up. */
  flood: async (_call, print) => {
    const line = 'x'.repeat(8_000);
    for (let count = 0; count < 8_192; count++) {
      print(line);
      if (count % 64 === 0) await pause(1);
    }
    process.stderr.write(`rss ${Math.round(process.memoryUsage().rss / 1048576)}\n`);
    return { success: true, message: 'flooded' };
  },
  'blocked-thread': (_call, print) => {
    print('working');
    hangs = true;
    return Promise.resolve({ success: true, message: 'done' });
  },
  burst: async (_call, print) => {
    for (let count = 0; count < 20_000; count++) print(`line ${count}`);
    return { success: true, message: 'done' };
  },
};

/** A thread is blocked in the system. */
let hangs = false;

const service: TaskService = {
  configuration: () => '{"Repository":{}}',
  view: () => '{"displayValue":"x","template":"y"}',
  validate: (body) => {
    const fields = parseValidate(body);
    if (fields.has('Crash')) throw Object.assign(new TypeError(`no ${SECRET} here`), { headers: SECRET });
    return JSON.stringify({ errors: Object.fromEntries(fields) });
  },
  execute: (call, print, signal) =>
    (behaviours[call.request.workingDirectory] ?? behaviours['echo']!)(call, print, signal),
};

const log = createLogger(process.stderr, (text) => text.replaceAll(SECRET, '****'));
void serve({
  version: '9.9.9',
  log,
  service: async () => service,
  asked: (request) => log.info(`asked ${request}`),
  release: () => Promise.resolve(!hangs),
});
