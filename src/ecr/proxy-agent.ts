import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import * as tls from 'node:tls';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { goesDirectly } from './no-proxy';
import type { Proxy } from './proxy';
import { proxyRefuses, proxyUnreachable } from './proxy-errors';

/** Whom a TLS connection trusts. */
export type Trust = Pick<tls.ConnectionOptions, 'ca' | 'rejectUnauthorized'>;

type Target = Parameters<HttpsProxyAgent<string>['connect']>[1];

/**
 * Connects to https hosts by CONNECT through the proxy, or directly where NO_PROXY says so: decided for each host, since
 * the SDK alone knows which one it calls. What goes wrong with the proxy itself is told as such, and the request is not
 * sent then.
 */
export class ProxyAgent extends HttpsProxyAgent<string> {
  constructor(
    private readonly over: Proxy,
    private readonly trust: Trust,
  ) {
    const { authorization } = over;
    const headers = authorization === undefined ? {} : { 'Proxy-Authorization': authorization };
    super(over.url, { keepAlive: true, headers, ...trust });
  }

  /** The library looks at the stack for `https.js` to name a connection: it would not know a free one again. */
  override getName(options: Target): string {
    return super.getName({ ...options, secureEndpoint: true });
  }

  override async connect(request: ClientRequest, target: Target): Promise<Socket> {
    const { host = '', port = 443 } = target as { readonly host?: string; readonly port?: number };
    // The library drops the options that it was made with before it turns to TLS with the host behind the proxy.
    const trusting = { ...target, ...this.trust };
    if (goesDirectly(this.over.noProxy, host, port)) return tls.connect({ ...servername(host), ...trusting });
    let status = 0;
    request.once('proxyConnect', (answer: { readonly statusCode: number }) => {
      status = answer.statusCode;
    });
    const socket = await super.connect(request, trusting).catch((error: unknown) => {
      throw proxyUnreachable(error, this.over, host);
    });
    if (status === 200) return socket;
    // The library would play the proxy's page as if the host had answered it.
    socket.destroy();
    throw proxyRefuses(status, this.over, host);
  }
}

function servername(host: string): { readonly servername?: string } {
  return isIP(host) === 0 ? { servername: host } : {};
}
