import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { Duplex, type Readable, type Writable } from 'node:stream';
import type { Slots } from './slots';
import type { SshCommand } from './ssh-command';

/** How an ssh process ended that should have gone on. */
export interface SshEnd {
  readonly code: number | null;
  /** The end of its stderr: ssh's own words, and those of the remote side. */
  readonly words: string;
}

/** What a connection needs of the line that it belongs to. */
export interface ConnectionTools {
  readonly command: SshCommand;
  readonly slots: Slots;
  failed(end: SshEnd): Error;
  /** Somebody waits for a slot. */
  crowded(): void;
  /** The process is gone; what comes of it may be told later. */
  gone(): void;
}

/** A changed host key takes ssh about 1 KiB to tell. */
const MOST_WORDS = 8 * 1024;

/** A cancel of GoCD's kills this process's children a moment before or after it tells this process. */
const CANCEL_MS = 500;

/** A program that does not end when it is asked to. */
const TERM_MS = 1_000;

/** Something that ssh started may hold on to its stderr. */
const LAST_WORDS_MS = 200;

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** A connection to the daemon over an ssh process of its own, which starts when there is a slot for it. */
export class SshConnection extends Duplex {
  #child: Child | undefined;
  #words = Buffer.alloc(0);
  #release: () => void = () => undefined;
  #constructed: () => void = () => undefined;

  constructor(private readonly tools: ConnectionTools) {
    super({ allowHalfOpen: false });
  }

  override _construct(done: (error?: Error | null) => void): void {
    this.#constructed = done;
    this.#release = this.tools.slots.take(() => this.#start(done));
    if (this.tools.slots.wanted) this.tools.crowded();
  }

  /** Node would wait for a slot first. */
  override destroy(error?: Error): this {
    super.destroy(error);
    if (this.#child === undefined) this.#constructed();
    return this;
  }

  /** Node's agent asks this of each connection that it uses again; a process that is wanted keeps ours anyway. */
  ref(): this {
    return this;
  }

  override _read(): void {
    this.#child?.stdout.resume();
  }

  /** A write that fails is told by the process's end, which knows why. */
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#child?.stdin.write(chunk, (error) => {
      if (error === null || error === undefined) done();
    });
  }

  override _final(done: () => void): void {
    if (this.#child === undefined) done();
    else this.#child.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const child = this.#child;
    if (child === undefined || hasEnded(child)) this.#release();
    else {
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), TERM_MS);
      kill.unref();
      child.once('exit', () => clearTimeout(kill));
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
    }
    done(error);
  }

  #start(started: (error?: Error | null) => void): void {
    const { program, args, env } = this.tools.command;
    // Not in the job's folder: a relative path of a configuration must not find the job's files.
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env, cwd: '/' });
    this.#child = child;
    child.stdin.on('error', () => undefined);
    child.stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) child.stdout.pause();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      this.#words = Buffer.concat([this.#words, chunk]).subarray(-MOST_WORDS);
    });
    child.once('spawn', () => {
      started();
      this.emit('ready');
    });
    child.once('error', (error) => {
      if (child.pid !== undefined) return; // a signal that could not be sent
      this.#release();
      started(this.tools.failed({ code: null, words: error.message }));
    });
    child.once('exit', (code, signal) => this.#exited(child, signal === null ? code : null));
  }

  #exited(child: Child, code: number | null): void {
    this.#release();
    if (this.destroyed) return;
    this.tools.gone();
    let told = false;
    const tell = (): void => {
      if (!told) this.#ended(code);
      told = true;
    };
    child.once('close', tell);
    setTimeout(tell, LAST_WORDS_MS);
  }

  /** The daemon has ended the connection, or ssh has failed. An ssh that is killed says nothing; on LogLevel=ERROR. */
  #ended(code: number | null): void {
    if (this.destroyed) return;
    const words = this.#words.toString('utf8').trim();
    if (code === 0) {
      this.once('end', () => setImmediate(() => this.destroy()));
      this.push(null);
      if (this.readableLength === 0) this.resume();
      return;
    }
    const fail = (): void => void this.destroy(this.tools.failed({ code, words }));
    if (words === '') setTimeout(fail, CANCEL_MS);
    else fail();
  }
}

function hasEnded(child: Child): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}
