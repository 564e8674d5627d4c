import type { Logger, NodeHttpHandlerOptions } from '@smithy/types';
import type { Setting } from './setting';
import { SILENT } from './silent';

/** For the clients that the SDK makes inside its providers: STS, SSO and its token service. */
export interface InnerClients {
  readonly clientConfig: { readonly requestHandler: NodeHttpHandlerOptions; readonly maxAttempts: number };
  readonly parentClientConfig: { readonly region: string; readonly requestHandler: NodeHttpHandlerOptions };
  readonly logger: Logger;
}

/** As our own ones: the run's network, one attempt. */
export function innerClients({ network, patience, region }: Setting): InnerClients {
  const requestHandler = network.handler;
  return {
    clientConfig: { requestHandler, maxAttempts: patience.attempts },
    parentClientConfig: { region: region.name, requestHandler },
    logger: SILENT,
  };
}
