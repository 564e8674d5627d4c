import type { Duplex } from 'node:stream';
import type { ConnectionTools, SshEnd } from './ssh-connection';
import { KeptAgent } from './kept-agent';
import { Slots } from './slots';
import type { SshCommand } from './ssh-command';
import { SshConnection } from './ssh-connection';

/** BuildKit's session, its build, and everything else: none of them waits for another to end. */
const MOST_PROCESSES = 3;

/** One is left for a connection that is not a request's. */
const MOST_OF_REQUESTS = MOST_PROCESSES - 1;

/**
 * All ssh processes of a run. Requests share theirs, which are kept to its end, for one takes about 250 ms to make; what
 * has a connection of its own comes first. After a cancel, which kills them all, new ones are made.
 */
export class SshLine {
  readonly agent: KeptAgent;
  readonly #slots = new Slots(MOST_PROCESSES);
  readonly #open = new Set<SshConnection>();
  readonly #own = new Set<SshConnection>();
  readonly #tools: ConnectionTools;
  #closed = false;

  constructor(command: SshCommand, failed: (end: SshEnd) => Error) {
    this.agent = new KeptAgent(
      () => this.#connect(),
      () => !this.#slots.wanted && !this.#closed,
      MOST_OF_REQUESTS,
    );
    const dropIdle = (): void => this.agent.dropIdle();
    // Gone: if it was a cancel, all were killed together, and none of them is to be trusted.
    this.#tools = { command, slots: this.#slots, failed, gone: dropIdle, crowded: dropIdle };
  }

  /** A connection that no request shares. Throws what its ssh failed with, or the signal's reason. */
  connect(signal: AbortSignal): Promise<Duplex> {
    signal.throwIfAborted();
    const connection = this.#connect();
    this.#own.add(connection);
    this.#divide();
    connection.once('close', () => {
      this.#own.delete(connection);
      this.#divide();
    });
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        reject(signal.reason as Error); // whatever it is: callers compare it
        connection.destroy();
      };
      signal.addEventListener('abort', abort, { once: true });
      connection.once('error', reject);
      connection.once('ready', () => {
        signal.removeEventListener('abort', abort);
        connection.off('error', reject);
        resolve(connection);
      });
    });
  }

  /** Idempotent; no process is left. */
  close(): void {
    this.#closed = true;
    this.agent.destroy();
    for (const connection of this.#open) connection.destroy();
  }

  #connect(): SshConnection {
    const connection = new SshConnection(this.#tools);
    this.#open.add(connection);
    connection.once('close', () => this.#open.delete(connection));
    return connection;
  }

  #divide(): void {
    this.agent.maxSockets = Math.max(1, Math.min(MOST_OF_REQUESTS, MOST_PROCESSES - this.#own.size));
  }
}
