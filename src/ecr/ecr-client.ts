import { ECRClient } from '@aws-sdk/client-ecr';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import type { Network } from './network';
import type { Patience } from './patience';
import { SILENT } from './silent';

/** Everything that the SDK would otherwise look up somewhere is said. */
export function createClient(
  region: string,
  endpoint: string | undefined,
  { handler }: Network,
  credentials: AwsCredentialIdentityProvider,
  patience: Patience,
): ECRClient {
  return new ECRClient({
    region,
    credentials,
    ...(endpoint === undefined ? {} : { endpoint }),
    retryMode: 'standard',
    maxAttempts: patience.attempts,
    logger: SILENT,
    requestHandler: handler,
  });
}
