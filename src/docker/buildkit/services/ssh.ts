import type { ServerHttp2Stream } from 'node:http2';
import { BytesReader, framedBytes } from '../grpc/bytes-message';
import type { Metadata } from '../grpc/metadata';
import type { StreamHandler, UnaryHandler } from '../grpc/server';
import { GRPC, GrpcError } from '../grpc/status';
import { AgentConnection } from './agent-connection';
import { agentMessages, FAILURE, MAX_AGENT_MESSAGE_BYTES, mayBeRelayed, withLength } from './agent-messages';
import { askedFor } from './asked-for';
import type { Counter } from './counter';

/** What BuildKit means where no id is written (buildkit: session/sshforward). */
const DEFAULT_ID = 'default';

/** Each RUN may open several connections at the same time; each is one to the agent. */
const MAX_CONNECTIONS = 32;

const MAX_PIECE_BYTES = MAX_AGENT_MESSAGE_BYTES + 64;

/** CheckAgent: whether an agent is offered under this id. */
export function checkAgent(counter: Counter): UnaryHandler {
  return (request) => {
    socketOf(counter, askedFor(request));
    return Buffer.alloc(0);
  };
}

/** ForwardAgent: one connection to an agent, from which only keys' names and signatures are to be had. */
export function forwardAgent(counter: Counter): StreamHandler {
  let open = 0;
  return async (stream, metadata) => {
    const socketPath = socketOf(counter, idOf(metadata));
    if (open >= MAX_CONNECTIONS)
      throw new GrpcError(GRPC.RESOURCE_EXHAUSTED, `${MAX_CONNECTIONS} connections are open`);
    open += 1;
    const agent = new AgentConnection(socketPath);
    stream.once('close', () => agent.close());
    try {
      await relay(stream, agent);
    } catch {
      throw new GrpcError(GRPC.UNAVAILABLE, 'the ssh agent or its client broke off');
    } finally {
      agent.close();
      open -= 1;
    }
  };
}

async function relay(stream: ServerHttp2Stream, agent: AgentConnection): Promise<void> {
  const pieces = new BytesReader(MAX_PIECE_BYTES);
  const requests = agentMessages();
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    for (const piece of pieces.push(chunk as Buffer)) {
      for (const request of requests.push(piece)) {
        const reply = mayBeRelayed(request) ? await agent.ask(request) : FAILURE;
        await write(stream, framedBytes(withLength(reply)));
      }
    }
  }
}

/** Done when there is room for more, or nobody left to read it. */
function write(stream: ServerHttp2Stream, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed) resolve();
    else stream.write(bytes, () => resolve());
  });
}

function idOf(metadata: Metadata): string {
  return metadata.first('buildkit.ssh.id') ?? '';
}

function socketOf(counter: Counter, id: string): string {
  const socketPath = counter.offer.sshAgents.get(id === '' ? DEFAULT_ID : id);
  if (socketPath === undefined) throw counter.refuse('ssh agent', id);
  return socketPath;
}
