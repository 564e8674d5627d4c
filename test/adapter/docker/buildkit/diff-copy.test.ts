import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { StepError } from '../../../../src/domain/errors';
import type { SyncFolder, SyncRequest, SyncTransfer } from '../../../../src/docker/buildkit/offer';
import { answerOf, ask, open, prefixed } from './daemon-calls';
import { EMPTY, openBoth, WAYS, type Opened } from './opened-session';

const DIFF_COPY = '/moby.filesync.v1.FileSync/DiffCopy';
const KIB = Buffer.alloc(1024, 'x');

/** A folder of which the test is the other side. */
class Watched implements SyncFolder {
  readonly requests: SyncRequest[] = [];
  readonly transfers: (SyncTransfer & { output: PassThrough; heard: Buffer[]; ended: boolean })[] = [];
  /** What the next transfer says, instead of a stream that the test writes to. */
  output: (() => Readable) | undefined;
  throws: Error | undefined;

  open(request: SyncRequest): SyncTransfer {
    this.requests.push(request);
    const heard: Buffer[] = [];
    const output = (this.output?.() ?? new PassThrough()) as PassThrough;
    const transfer = {
      output,
      heard,
      ended: false,
      input: (bytes: Uint8Array) => {
        if (this.throws !== undefined) throw this.throws;
        heard.push(Buffer.from(bytes));
      },
      inputEnded: () => void (transfer.ended = true),
    };
    this.transfers.push(transfer);
    return transfer;
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(2);
}

describe.each(WAYS)('by %s', (way) => {
  let opened: Opened;
  let folder: Watched;
  beforeEach(async () => {
    opened = await openBoth(way);
    folder = new Watched();
    opened.session.setOffer({ ...EMPTY, folders: new Map([['context', folder]]) });
  });
  afterEach(() => opened.stop());

  const copy = (headers = {}) => open(opened.daemon.http2, DIFF_COPY, { 'dir-name': 'context', ...headers });

  test('bytes go both ways, and the call ends well when the folder has said all', async () => {
    const stream = copy();
    const answered = answerOf(stream);
    stream.write('question');
    await until(() => folder.transfers[0]?.heard.length === 1);
    const [transfer] = folder.transfers;
    expect(Buffer.concat(transfer!.heard).toString()).toBe('question');
    transfer!.output.write(prefixed(Buffer.from('one')));
    stream.end();
    await until(() => transfer!.ended);
    transfer!.output.end(prefixed(Buffer.from('two')));
    expect(await answered).toEqual({ status: 0, message: '', replies: [Buffer.from('one'), Buffer.from('two')] });
  });

  test('what is asked for comes as it was sent, commas and all', async () => {
    copy({
      'include-patterns': ['a, b', 'c'],
      'exclude-patterns': ['*.log'],
      'exclude-patterns-encoded': '0',
      followpaths: ['%C3%A9t%C3%A9', 'a+b%2C'],
      'followpaths-encoded': '1',
    });
    await until(() => folder.requests.length === 1);
    expect(folder.requests).toEqual([
      { includePatterns: ['a, b', 'c'], excludePatterns: ['*.log'], followPaths: ['été', 'a b,'] },
    ]);
  });

  test('as many patterns as a long ignore file has', async () => {
    const patterns = Array.from({ length: 5_000 }, (_, index) => `some/folder/of/the/context/${index}`);
    copy({ 'exclude-patterns': patterns });
    await until(() => folder.requests.length === 1);
    expect(folder.requests[0]!.excludePatterns).toEqual(patterns);
  });

  test.each(['', 'dockerfile', 'Context', 'context/', '../context', '/etc', 'context%00'])(
    'the folder %j is not offered',
    async (name) => {
      const answered = await ask(opened.daemon.http2, DIFF_COPY, Buffer.alloc(0), { 'dir-name': name });
      expect(answered).toEqual({ status: 5, message: `folder "${name}": not found`, replies: [] });
      expect(folder.transfers).toEqual([]);
      expect(opened.session.refused).toEqual([`folder "${name}"`]);
    },
  );

  test('a folder that cannot be read ends the call with its words', async () => {
    const answered = answerOf(copy());
    await until(() => folder.transfers.length === 1);
    folder.transfers[0]!.output.write(prefixed(Buffer.from('one')));
    await sleep(10);
    const error = new StepError('CONTEXT_UNREADABLE', 'none', 'environment', 'a/b vanished');
    folder.transfers[0]!.output.destroy(error);
    expect(await answered).toEqual({ status: 2, message: 'a/b vanished', replies: [Buffer.from('one')] });
  });

  test.each([
    ['breaks off', (output: PassThrough) => output.destroy()],
    ['fails in a way that nobody foresaw', (output: PassThrough) => output.destroy(new TypeError('x of undefined'))],
  ])('a folder that %s is no good end', async (_, end) => {
    const answered = answerOf(copy());
    await until(() => folder.transfers.length === 1);
    end(folder.transfers[0]!.output);
    expect(await answered).toEqual({ status: 2, message: 'the folder could not be read', replies: [] });
  });

  test('a folder that does not take what it is told ends the call, and nothing else', async () => {
    folder.throws = new StepError('PLUGIN_FAULT', 'none', 'plugin', 'no such packet');
    const stream = copy();
    const answered = answerOf(stream);
    stream.write('question');
    expect(await answered).toMatchObject({ status: 2, message: 'no such packet' });
    expect(folder.transfers[0]!.output.destroyed).toBe(true);
    expect(opened.daemon.http2.destroyed).toBe(false);
  });

  test('what the daemon still says when all is over is heard by nobody', async () => {
    const stream = copy();
    const ended = new Promise((resolve) => stream.once('end', resolve));
    stream.resume();
    await until(() => folder.transfers.length === 1);
    folder.transfers[0]!.output.end();
    stream.write('too late');
    await ended;
    stream.write('later still');
    expect(await ask(opened.daemon.http2, '/grpc.health.v1.Health/Check', prefixed(new Uint8Array()))).toMatchObject({
      status: 0,
    });
    const heard = Buffer.concat(folder.transfers[0]!.heard).toString();
    expect(['', 'too late']).toContain(heard);
    expect(folder.transfers[0]!.ended).toBe(false);
  });

  test('a daemon that resets the call stops the transfer', async () => {
    const stream = copy();
    await until(() => folder.transfers.length === 1);
    stream.close(8);
    await once(folder.transfers[0]!.output, 'close');
    expect(opened.daemon.http2.destroyed).toBe(false);
  });

  test('closing the session stops the transfer', async () => {
    copy();
    await until(() => folder.transfers.length === 1);
    opened.session.close();
    await once(folder.transfers[0]!.output, 'close');
    await opened.session.ended;
  });

  test('a daemon that does not read is waited for, and heard meanwhile', async () => {
    let made = 0;
    folder.output = () =>
      new Readable({
        read() {
          made += 1;
          this.push(KIB);
        },
      });
    const stream = copy();
    stream.pause();
    let before = -1;
    while (before !== made) {
      before = made;
      await sleep(50);
    }
    expect(made).toBeGreaterThan(0);
    expect(made).toBeLessThan(8 * 1024); // KiB: the windows and the buffers on the way
    stream.write('still there');
    await until(() => folder.transfers[0]!.heard.length === 1);
    stream.close(8);
  });

  test('more transfers at the same time than a build needs are refused, until one has ended', async () => {
    const running = Array.from({ length: 16 }, () => copy());
    await until(() => folder.transfers.length === 16);
    const refused = await answerOf(copy().end());
    expect(refused).toEqual({ status: 8, message: '16 transfers are running', replies: [] });
    running[3]!.close(8);
    await once(folder.transfers[3]!.output, 'close');
    copy();
    await until(() => folder.transfers.length === 17);
  });
});
