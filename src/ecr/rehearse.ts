import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { SILENT } from './credential-sources';
import { isolateEnvironment } from './environment';

/**
 * Makes and signs one request that goes nowhere: the first one of a process costs some ten milliseconds of code that has
 * never run, and a spare has the time. No file of the agent is read, since the SDK would keep what it read then.
 */
export async function rehearse(): Promise<void> {
  isolateEnvironment({
    side: 'job', // whose AWS files are none
    environment: new Map(),
    region: undefined,
    registryId: undefined,
    customEndpoint: false,
  });
  const client = new ECRClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'rehearsal', secretAccessKey: 'rehearsal' },
    maxAttempts: 1,
    logger: SILENT,
    requestHandler: { handle: () => Promise.reject(new TypeError('a rehearsal is not sent')) },
  });
  await client.send(new GetAuthorizationTokenCommand({})).catch(() => undefined);
}
