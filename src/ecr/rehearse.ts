import {
  BatchGetImageCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
} from '@aws-sdk/client-ecr';
import { Readable } from 'node:stream';
import { isolateEnvironment } from './environment';
import { SILENT } from './silent';

/** As an HTTP response of the SDK's own looks. */
function nothingFound(): {
  readonly response: { statusCode: number; headers: Record<string, string>; body: Readable };
} {
  const headers = { 'content-type': 'application/x-amz-json-1.1' };
  return { response: { statusCode: 200, headers, body: Readable.from([Buffer.from('{}')]) } };
}

/**
 * Makes and signs the requests of a run, which go nowhere: the first ones of a process cost some ten milliseconds of code
 * that has never run, and a spare has the time. No file of the agent is read, since the SDK would keep what it read then.
 */
export async function rehearse(): Promise<void> {
  isolateEnvironment({
    side: 'job', // whose AWS files are none
    environment: new Map(),
    region: undefined,
    registryId: undefined,
    role: undefined,
    profile: undefined,
    proxy: undefined,
    customEndpoint: false,
  });
  const client = new ECRClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'rehearsal', secretAccessKey: 'rehearsal' },
    maxAttempts: 1,
    logger: SILENT,
    requestHandler: { handle: () => Promise.resolve(nothingFound()) },
  });
  const repositoryName = 'rehearsal';
  const imageIds = [{ imageTag: 'rehearsal' }];
  await Promise.allSettled([
    client.send(new GetAuthorizationTokenCommand({})),
    client.send(new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] })),
    client.send(new BatchGetImageCommand({ repositoryName, imageIds })),
  ]);
}
