import { createSocket } from 'node:dgram';

/** Answers "no such host" to everything: the lab's daemons reach nothing outside, and learn so without waiting. */
export async function startNameServer(address: string): Promise<{ stop(): Promise<void> }> {
  const socket = createSocket('udp4');
  socket.on('message', (query, peer) => {
    if (query.length < 12) return;
    const reply = Buffer.from(query);
    reply.writeUInt16BE(0x8183, 2); // a response, recursion available, NXDOMAIN
    reply.fill(0, 6, 12); // no answer, authority or additional records …
    socket.send(reply.subarray(0, questionEnd(reply)), peer.port, peer.address);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(53, address, resolve);
  });
  return { stop: () => new Promise((resolve) => socket.close(() => resolve())) };
}

/** … so what followed the one question in the query is cut off. */
function questionEnd(message: Buffer): number {
  let at = 12;
  while (at < message.length && message[at] !== 0) at += 1 + (message[at] ?? 0);
  return Math.min(message.length, at + 5);
}
