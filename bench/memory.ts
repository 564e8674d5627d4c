import { readFileSync, writeFileSync } from 'node:fs';

const EVERY_MS = 50;

/** Of a process, in MB; undefined when it is gone. `VmHWM` is the most it ever had. */
export function residentMb(pid: number, field: 'VmRSS' | 'VmHWM'): number | undefined {
  try {
    const match = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return match === null ? undefined : Number(match[1]) / 1024;
  } catch {
    return undefined;
  }
}

/** Its start took more than it has now (proc(5), clear_refs). */
function forgetMost(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** Looks at a process from time to time until it is gone, or until it is told to stop. */
export class MemoryWatch {
  readonly idle: number | undefined;
  #most: number | undefined;
  readonly #timer: NodeJS.Timeout;

  constructor(private readonly pid: number) {
    forgetMost(pid);
    this.idle = residentMb(pid, 'VmRSS');
    this.#timer = setInterval(() => this.#look(), EVERY_MS);
  }

  /** The most that it had over what it had at first. */
  stop(): number | undefined {
    this.#look();
    clearInterval(this.#timer);
    return this.#most === undefined || this.idle === undefined ? undefined : Math.max(0, this.#most - this.idle);
  }

  // The kernel keeps the highest: what is between two looks is not missed, but for the last.
  #look(): void {
    this.#most = residentMb(this.pid, 'VmHWM') ?? this.#most;
  }
}
