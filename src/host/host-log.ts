/** The process's own log: JSON lines on stderr, every line masked. */
export interface HostLog {
  info(message: string): unknown;
  warn(message: string): unknown;
  error(message: string, details?: Readonly<Record<string, string>>): unknown;
}

/** Code and text, never the object itself: an error of an HTTP library carries the request's headers (security.md 5). */
export function logFault(log: HostLog, error: unknown): void {
  if (!(error instanceof Error)) {
    log.error(`PLUGIN_FAULT: ${typeof error} thrown`);
    return;
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  log.error(`${code}: ${error.message}`, { trace: error.stack ?? '' });
}
