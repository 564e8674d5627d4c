import { devNull } from 'node:os';
import { describe } from './describe';
import { openEndpoint } from './endpoint';

/** Asks a daemon that cannot be there, so that a spare has run once what the first request runs. Nothing is sent. */
export async function rehearse(): Promise<void> {
  const socketPath = `${devNull}/none.sock`;
  const display = { value: `unix://${socketPath}`, origin: { kind: 'built-in' } } as const;
  const files = { jobFolder: '/', resultFile: '', outputs: [] };
  const endpoint = await openEndpoint({ daemon: { kind: 'unix', socketPath, display }, files });
  await describe(endpoint, new AbortController().signal).catch(() => undefined);
  endpoint.close();
}
