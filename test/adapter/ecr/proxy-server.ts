import { once } from 'node:events';
import * as http from 'node:http';
import * as net from 'node:net';

export interface ProxyServer {
  readonly url: string;
  /** `aws.test:443`, as CONNECT named it, with the credentials that came along. */
  readonly asked: readonly { readonly target: string; readonly authorization: string | undefined }[];
  close(): Promise<void>;
}

/** An HTTP proxy that leads every CONNECT to one port of this host, or answers each with a status. */
export async function startProxy(port: number, status = 200): Promise<ProxyServer> {
  const asked: { target: string; authorization: string | undefined }[] = [];
  const open = new Set<net.Socket>();
  const server = http.createServer((_request, response) => response.writeHead(400).end());
  server.on('connect', (request: http.IncomingMessage, socket: net.Socket) => {
    asked.push({ target: request.url ?? '', authorization: request.headers['proxy-authorization'] });
    open.add(socket.on('error', () => undefined));
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>`);
      return;
    }
    const upstream = net.connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(upstream).pipe(socket);
    });
    open.add(upstream.on('error', () => socket.destroy()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    asked,
    close: async () => {
      open.forEach((socket) => socket.destroy());
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
