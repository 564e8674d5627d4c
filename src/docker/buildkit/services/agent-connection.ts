import { connect, type Socket } from 'node:net';
import { AgentProtocolError, agentMessages, withLength } from './agent-messages';

/** One connection to an ssh agent, made when it is first asked something. */
export class AgentConnection {
  #socket: Socket | undefined;
  readonly #replies = agentMessages();
  #closed = false;
  #settle: { resolve(reply: Buffer): void; reject(error: Error): void } | undefined;

  constructor(private readonly socketPath: string) {}

  /** One at a time. */
  ask(request: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new AgentProtocolError('closed'));
      this.#settle = { resolve, reject };
      this.#socket ??= this.#connect();
      this.#socket.write(withLength(request));
    });
  }

  close(): void {
    this.#closed = true;
    this.#socket?.destroy();
    this.#settle?.reject(new AgentProtocolError('closed'));
  }

  #connect(): Socket {
    const socket = connect({ path: this.socketPath });
    const fail = (error: Error): void => {
      socket.destroy();
      this.#closed = true;
      this.#settle?.reject(error);
    };
    socket.on('error', fail);
    socket.on('close', () => fail(new AgentProtocolError('the agent hung up')));
    socket.on('data', (bytes) => {
      try {
        for (const reply of this.#replies.push(bytes)) this.#settle?.resolve(reply);
      } catch (error) {
        fail(error as Error);
      }
    });
    return socket;
  }
}
