import { ECRClient } from '@aws-sdk/client-ecr';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { SILENT } from './credential-sources';

/** How long AWS is waited for, and how often it is asked. */
export interface Patience {
  readonly connectionMs: number;
  readonly requestMs: number;
  readonly attempts: number;
  /** For the credentials, which may be a program's, or an endpoint's that never answers. */
  readonly credentialsMs: number;
}

/** An answer of ECR's API is a few KB; the SDK's own three attempts cover a blip, the pipeline asks again for more. */
export const PATIENCE: Patience = { connectionMs: 5_000, requestMs: 15_000, attempts: 3, credentialsMs: 60_000 };

/** Everything that the SDK would otherwise look up somewhere is said. */
export function createClient(
  region: string,
  endpoint: string | undefined,
  cas: readonly string[] | undefined,
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
    requestHandler: {
      connectionTimeout: patience.connectionMs,
      requestTimeout: patience.requestMs,
      // Without it the SDK only logs a warning and waits on.
      throwOnRequestTimeout: true,
      // Said, so that NODE_TLS_REJECT_UNAUTHORIZED=0 of some environment does not count here.
      httpsAgent: { rejectUnauthorized: true, ...(cas === undefined ? {} : { ca: [...cas] }) },
    },
  });
}
