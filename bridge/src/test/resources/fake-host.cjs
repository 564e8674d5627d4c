'use strict';
// Stands for plugin.cjs in the bridge's tests: speaks the host's protocol, and does what a request tells it,
// step by step: {"steps":[{"line":"x"},{"response":{…}}]}. What it does at its start, FAKE_START in the agent's
// environment tells.
const { createHmac } = require('node:crypto');
const { createServer } = require('node:http');
const { spawn } = require('node:child_process');
const { createInterface } = require('node:readline');

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
let token;
let start;
let fake = '';
let busy = false;
let deaf = false;

process.on('SIGTERM', () => {
  if (!busy) process.exit(143);
  if (!deaf) cancel();
});
let cancel = () => {};

const steps = {
  line: (text, res) => res.write(JSON.stringify({ line: text }) + '\n'),
  lines: ({ count, text }, res) => {
    for (let i = 1; i <= count; i++) res.write(JSON.stringify({ line: `${text} ${i}` }) + '\n');
  },
  raw: (text, res) => res.write(text),
  response: (response, res) => res.write(JSON.stringify({ response }) + '\n'),
  sleep: (ms) => pause(ms),
  // Writes that arrive in pieces, with a pause between their halves.
  halves: async (text, res) => {
    const bytes = Buffer.from(text);
    res.write(bytes.subarray(0, bytes.length >> 1));
    await pause(30);
    res.write(bytes.subarray(bytes.length >> 1));
  },
  huge: (bytes, res) => res.write('x'.repeat(bytes)),
  stderr: (text) => process.stderr.write(text.replace('TOKEN', token)),
  exit: (code) => process.exit(code),
  signal: async (name) => {
    process.kill(process.pid, name);
    await pause(5000);
  },
  cut: (_, res) => res.destroy(),
  // Flushed first, then nothing is heard any more.
  block: async (ms) => {
    await pause(50);
    for (const end = Date.now() + ms; Date.now() < end;);
  },
  deaf: () => {
    deaf = true;
  },
  // Ends only when it is cancelled, and says so.
  untilCancelled: (ms, res) =>
    new Promise((done) => {
      cancel = async () => {
        await pause(ms);
        res.write(JSON.stringify({ line: 'cleaning up' }) + '\n');
        res.write(JSON.stringify({ response: { success: false, message: 'Cancelled during build' } }) + '\n');
        done();
      };
    }),
  untilHungUp: (_, res) =>
    new Promise((done) =>
      res.on('close', () => {
        process.stderr.write('hung up\n');
        done();
      }),
    ),
  // Something that is left behind: it outlives its parent and hears no SIGTERM.
  leave: (_, res) =>
    new Promise((done) => {
      const child = spawn(
        process.execPath,
        ['-e', 'process.on("SIGTERM",()=>{});console.log(process.pid);setInterval(()=>{},1e6)'],
        { stdio: ['ignore', 'pipe', 'ignore'], detached: true },
      );
      child.stdout.once('data', (pid) => {
        steps.line(`left ${String(pid).trim()}`, res);
        done();
      });
    }),
  tell: (what, res) =>
    steps.line(
      JSON.stringify(
        {
          env: Object.keys(process.env)
            .sort()
            .filter((name) => name !== '__CF_USER_TEXT_ENCODING'),
          path: process.env.PATH,
          cwd: process.cwd(),
          script: __filename,
          args: process.argv.slice(2),
          start: { cwd: start.cwd, env: start.env },
          pid: process.pid,
        }[what],
      ),
      res,
    ),
  headers: (_, res, req) =>
    steps.line(
      JSON.stringify(
        req.rawHeaders.filter((_, i, all) =>
          /^(GoCD-ECR|Host|Content-Type|Content-Length|Transfer)/i.test(all[i - (i % 2)]),
        ),
      ),
      res,
    ),
  body: (_, res, req, body) => steps.line(body, res),
};

async function execute(req, res, body) {
  busy = true;
  const plan = JSON.parse(body).steps;
  if (plan[0].status) return answer(res, plan[0].status, plan[0].text ?? '');
  res.writeHead(200, { 'content-type': 'application/x-ndjson' });
  for (const step of plan) {
    const [[verb, value]] = Object.entries(step);
    await steps[verb](value, res, req, body);
  }
  res.end(() => {
    if (!plan.some((step) => step.stay)) setTimeout(() => process.exit(0), 5);
  });
}
steps.stay = () => {};

function answer(res, status, text) {
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  res.end(text);
}

async function serve(req, res) {
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  if (req.url === '/hello') {
    const key = fake === 'impostor' ? Buffer.alloc(32) : Buffer.from(token, 'hex');
    const proof = createHmac('sha256', key)
      .update(`${JSON.parse(body).nonce}:${req.socket.localPort}`)
      .digest('hex');
    return answer(res, 200, JSON.stringify({ proof }));
  }
  if (req.headers.authorization !== `Bearer ${token}`) return answer(res, 401, '{"error":"no token"}');
  if (req.url === '/task/1.0/execute') return execute(req, res, body);
  const wanted = JSON.parse(body);
  answer(
    res,
    wanted.status ?? 200,
    wanted.answer ?? JSON.stringify({ errors: { Saw: body, Pid: String(process.pid) } }),
  );
}

createInterface({ input: process.stdin }).once('line', async (line) => {
  start = JSON.parse(line);
  token = start.token;
  fake = start.env.FAKE_START ?? '';
  if (fake === 'silent') return setInterval(() => {}, 1e6);
  if (fake === 'exit') {
    process.stderr.write('no good\n');
    process.exit(3);
  }
  if (fake === 'garbage') console.log('hello there');
  if (fake.startsWith('slow')) await pause(Number(fake.slice(4)));
  const server = createServer((req, res) =>
    serve(req, res).catch((error) => {
      console.error(error);
      process.exit(4);
    }),
  );
  server.listen(0, '127.0.0.1', () => {
    console.log(JSON.stringify({ port: server.address().port, pid: process.pid, version: '0.0.0' }));
    if (fake === 'idle')
      setTimeout(() => {
        if (!busy) process.exit(0);
      }, 300);
  });
});
process.stdin.on('end', () => setTimeout(() => process.exit(0), busy ? 300 : 0)); // a busy one would clean up first
process.stdin.resume();
