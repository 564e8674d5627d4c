import { once } from 'node:events';
import type { ClientHttp2Session } from 'node:http2';
import { frame, FrameReader } from '../buildkit/grpc/frames';
import { Writer } from '../buildkit/wire/writer';

// Packets of a receiver (fsutil: types/wire.proto): type 1, id 3. The first id, 0, is left out as proto3 has it.
const REQUEST = frame(new Writer().number(1, 1).end());
const END = frame(new Writer().number(1, 3).end());
/** A packet of content without content: the file's end. With an id below 128, which is not written when it is 0. */
const LONGEST_EMPTY_PACKET = 4;

/** Asks a session for what a build asks: is it there, the Dockerfile, the context, the first file of each. */
export async function askForFolders(session: ClientHttp2Session): Promise<void> {
  const health = session.request(call('/grpc.health.v1.Health/Check'));
  health.end(frame(new Writer().end()));
  health.resume();
  await once(health, 'close');
  await receive(session, 'dockerfile');
  await receive(session, 'context');
}

async function receive(session: ClientHttp2Session, folder: string): Promise<void> {
  const stream = session.request({ ...call('/moby.filesync.v1.FileSync/DiffCopy'), 'dir-name': folder });
  const reader = new FrameReader();
  let has: 'nothing' | 'list' | 'file' = 'nothing';
  stream.on('error', () => undefined); // 'close' follows
  stream.on('data', (chunk: Buffer) => {
    for (const packet of reader.push(chunk)) {
      if (has === 'nothing' && packet.length === 0) {
        has = 'list';
        stream.write(REQUEST);
      } else if (has === 'list' && packet.length <= LONGEST_EMPTY_PACKET) {
        has = 'file';
        stream.end(END);
      }
    }
  });
  await once(stream, 'close');
}

function call(path: string): Record<string, string> {
  return { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' };
}
