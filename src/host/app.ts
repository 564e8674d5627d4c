import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { parseCallHeaders } from '../protocol/call-headers';
import { parseHello, proofOf } from '../protocol/handshake';
import { MalformedRequest } from '../protocol/malformed-request';
import { parseExecute } from '../protocol/requests';
import type { Reply, TaskCall, TaskService } from '../protocol/task-service';
import { readBody } from './body';
import { FrameStream } from './frame-stream';
import { checkSender, checkToken } from './guards';
import type { OneRun } from './one-run';
import { Refusal, refuse } from './refusal';

// security.md 5 and 6.
const MAX_HELLO = 1024;
const MAX_BODY = 16 * 1024 * 1024;

export interface AppOptions {
  readonly token: Buffer;
  /** Known only once the socket listens. */
  port(): number;
  readonly service: TaskService;
  readonly run: OneRun;
  /** Somebody who has the token asked for this. */
  asked(request: string): void;
  /** A fault of ours; its answer tells nothing of it. Gives the reply for a task that is running. */
  fault(error: unknown): Reply;
}

/** GoCD's task messages over HTTP, for the one client that has the token. */
export function createApp(options: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.enable('strict routing');
  app.use((req, _res, next) => {
    checkSender(req, options.port());
    next();
  });
  app.post('/hello', async (req, res) => {
    const nonce = parseHello(await readBody(req, MAX_HELLO));
    sendJson(res, JSON.stringify({ proof: proofOf(options.token, nonce, options.port()) }));
  });
  app.use((req, _res, next) => {
    checkToken(req, options.token);
    next();
  });
  addTaskRoutes(app, options);
  app.use(() => {
    throw unknownRequest();
  });
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- Express knows an error handler by its four parameters
  app.use((error: unknown, req: Request, res: Response, _next: NextFunction) => {
    refuse(req, res, refusalOf(error, options));
  });
  return app;
}

function addTaskRoutes(app: Express, options: AppOptions): void {
  const { service, run, asked } = options;
  const answer = (request: string, reply: (body: string) => string): void => {
    app.post(`/task/1.0/${request}`, async (req, res) => {
      asked(request);
      sendJson(res, reply(await readBody(req, MAX_BODY)));
    });
  };
  answer('configuration', () => service.configuration());
  answer('view', () => service.view());
  answer('validate', (body) => service.validate(body));
  app.post('/task/1.0/execute', async (req, res) => {
    if (!run.claim())
      throw new Refusal(409, 'ALREADY_USED', 'This process has had its task: one process runs one task');
    asked('execute');
    const closed = closeOf(res).then((answered) => {
      if (!answered) run.cancel('disconnect');
    });
    const executed = execute(req, res, options);
    // Not before both: a task whose client has left still has its cleaning up to do.
    void Promise.allSettled([executed, closed]).then(() => run.end());
    await executed;
  });
}

async function execute(req: Request, res: Response, { service, run, fault }: AppOptions): Promise<void> {
  const headers = parseCallHeaders(req.rawHeaders);
  const call: TaskCall = { ...headers, request: parseExecute(await readBody(req, MAX_BODY)) };
  const frames = new FrameStream(res);
  const task = service.execute(call, (line) => frames.line(line), run.signal).catch(fault);
  frames.end(await run.outcome(task));
}

/** True: the whole answer went out first. */
function closeOf(res: Response): Promise<boolean> {
  return new Promise((resolve) => res.once('close', () => resolve(res.writableFinished)));
}

function sendJson(res: Response, body: string): void {
  res.status(200).type('application/json').send(body);
}

function unknownRequest(): Refusal {
  return new Refusal(404, 'UNKNOWN_REQUEST', 'There is no such request');
}

function refusalOf(error: unknown, { fault }: AppOptions): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof MalformedRequest) return new Refusal(400, 'MALFORMED', error.message);
  if (error instanceof URIError) return new Refusal(400, 'MALFORMED', 'The request has a malformed path');
  return new Refusal(500, 'PLUGIN_FAULT', fault(error).message);
}
