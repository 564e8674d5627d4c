import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface FakeAgent {
  readonly socketPath: string;
  /** Bodies of all messages that reached it. */
  readonly heard: Buffer[];
  readonly connections: ReadonlySet<Socket>;
  /** How many there ever were. */
  readonly accepted: () => number;
  stop(): Promise<void>;
}

/** A message of the agent protocol. */
export function agentMessage(type: number, content: string | Buffer = ''): Buffer {
  const body = Buffer.concat([Buffer.from([type]), Buffer.from(content)]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

/** Answers each message with the bytes that `reply` says, in two pieces; undefined: it hangs up. */
export async function startFakeAgent(reply: (body: Buffer) => Buffer | undefined): Promise<FakeAgent> {
  const heard: Buffer[] = [];
  const connections = new Set<Socket>();
  let accepted = 0;
  const folder = await mkdtemp(join(tmpdir(), 'fake-agent-'));
  const server = createServer((socket) => {
    accepted += 1;
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    socket.on('error', () => undefined);
    let rest: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE(0)) {
        const end = 4 + rest.readUInt32BE(0);
        const body = rest.subarray(4, end);
        rest = rest.subarray(end);
        heard.push(body);
        const bytes = reply(body);
        if (bytes === undefined) return void socket.destroy();
        socket.write(bytes.subarray(0, 3));
        setTimeout(() => socket.write(bytes.subarray(3)), 2);
      }
    });
  }).listen(join(folder, 'agent.sock'));
  await once(server, 'listening');
  return {
    socketPath: join(folder, 'agent.sock'),
    heard,
    connections,
    accepted: () => accepted,
    stop: async () => {
      for (const socket of connections) socket.destroy();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
