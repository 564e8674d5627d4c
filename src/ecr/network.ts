import type { Agent as HttpAgent } from 'node:http';
import { Agent } from 'node:https';
import type { NodeHttpHandlerOptions } from '@smithy/types';
import type { AwsPlan } from '../domain/plan';
import type { Mask } from '../pipeline/ports';
import { trustedCas } from './ca-bundle';
import type { Patience } from './patience';
import { goesDirectly } from './no-proxy';
import { ProxyAgent } from './proxy-agent';
import { readProxy } from './proxy';

/** The way to AWS, the same for every client of a run: its CAs, its proxy and its waits. */
export interface Network {
  /** For clients of the SDK. */
  readonly handler: NodeHttpHandlerOptions;
  /** For requests that are none of the SDK's. */
  readonly agent: HttpAgent;
  /** `http://proxy:3128 (job variable HTTPS_PROXY)`; undefined: that host is reached directly. */
  proxyTo(url: URL): string | undefined;
}

/** Called once AWS_* is the plan's. */
export async function openNetwork(aws: AwsPlan, mask: Mask, patience: Patience): Promise<Network> {
  const cas = await trustedCas();
  // Said, so that NODE_TLS_REJECT_UNAUTHORIZED=0 of some environment does not count here.
  const trust = { rejectUnauthorized: true, ...(cas === undefined ? {} : { ca: [...cas] }) };
  const proxy = aws.proxy === undefined ? undefined : readProxy(aws.proxy, mask);
  const agent = proxy === undefined ? new Agent({ keepAlive: true, ...trust }) : new ProxyAgent(proxy, trust);
  return {
    agent,
    handler: {
      connectionTimeout: patience.connectionMs,
      requestTimeout: patience.requestMs,
      // Without it the SDK only logs a warning and waits on.
      throwOnRequestTimeout: true,
      httpsAgent: agent,
    },
    proxyTo: ({ protocol, hostname, port }) => {
      if (proxy === undefined || protocol !== 'https:') return undefined;
      return goesDirectly(proxy.noProxy, hostname, Number(port || 443)) ? undefined : proxy.text;
    },
  };
}
