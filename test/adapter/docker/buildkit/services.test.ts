import { Secret } from '../../../../src/domain/secret';
import type { RegistryLogin } from '../../../../src/pipeline/ports';
import { fieldsOf, textOf } from '../../../../src/docker/buildkit/wire/reader';
import { ask, named, prefixed } from './daemon-calls';
import { EMPTY, openBoth, WAYS, type Opened } from './opened-session';

const CHECK = '/grpc.health.v1.Health/Check';
const GET_SECRET = '/moby.buildkit.secrets.v1.Secrets/GetSecret';
const CREDENTIALS = '/moby.filesync.v1.Auth/Credentials';

const NOT_HERE = { status: 12, message: 'unknown method', replies: [] };

const login = (host: string): RegistryLogin => ({
  host,
  username: 'AWS',
  password: new Secret('pa55word'),
  expiresAt: 0,
});

describe.each(WAYS)('by %s', (way) => {
  let opened: Opened;
  beforeEach(async () => {
    opened = await openBoth(way);
  });
  afterEach(() => opened.stop());

  const asked = (path: string, bytes: Uint8Array) => ask(opened.daemon.http2, path, bytes);

  test('it says which way, and under which name the daemon knows it', () => {
    expect(opened.session.kind).toBe(way);
    expect(opened.daemon.way).toBe(way);
    expect(opened.daemon.headers).toMatchObject({
      'x-docker-expose-session-uuid': opened.session.id,
      'x-docker-expose-session-sharedkey': 'slot',
      'x-docker-expose-session-grpc-method': [
        CHECK,
        GET_SECRET,
        CREDENTIALS,
        '/moby.sshforward.v1.SSH/CheckAgent',
        '/moby.filesync.v1.FileSync/DiffCopy',
        '/moby.sshforward.v1.SSH/ForwardAgent',
      ].join(', '),
    });
    expect(opened.session.id).toMatch(/^[0-9a-f]{32}$/);
  });

  test('it is healthy, also before there is anything to offer', async () => {
    expect(await asked(CHECK, prefixed(new Uint8Array()))).toEqual({
      status: 0,
      message: '',
      replies: [Buffer.from([8, 1])],
    });
  });

  test('a method that is not here is unimplemented', async () => {
    expect(await asked('/moby.filesync.v1.FileSync/TarStream', Buffer.alloc(0))).toEqual(NOT_HERE);
    expect(await asked('/moby.filesync.v1.FileSend/DiffCopy', Buffer.alloc(0))).toEqual(NOT_HERE);
    expect(opened.session.refused).toEqual([
      'method "/moby.filesync.v1.FileSync/TarStream"',
      'method "/moby.filesync.v1.FileSend/DiffCopy"',
    ]);
  });

  test.each(['FetchToken', 'GetTokenAuthority', 'VerifyTokenAuthority'])(
    '%s is unimplemented, which BuildKit expects: no word of it',
    async (method) => {
      expect(await asked(`/moby.filesync.v1.Auth/${method}`, named('docker.io'))).toEqual(NOT_HERE);
      expect(opened.session.refused).toEqual([]);
    },
  );

  test('a secret of the offer, and no other', async () => {
    const value = Buffer.from([0, 0xff, 10]);
    expect(await asked(GET_SECRET, named('token'))).toEqual({
      status: 5,
      message: 'secret "token": not found',
      replies: [],
    });
    opened.session.setOffer({ ...EMPTY, secrets: new Map([['token', value]]) });
    const { status, replies } = await asked(GET_SECRET, named('token'));
    expect(status).toBe(0);
    expect([...fieldsOf(replies[0]!)].map(({ number, bytes }) => [number, bytes])).toEqual([[1, value]]);
    expect(await asked(GET_SECRET, named('Token'))).toMatchObject({ status: 5 });
    expect(opened.session.refused).toEqual(['secret "token"', 'secret "Token"']);
  });

  test.each(['GIT_AUTH_TOKEN.github.com', 'GIT_AUTH_TOKEN', 'HTTP_AUTH_HEADER_build-context-pkwwa'])(
    'BuildKit asks for %s of itself: not found, and no word of it',
    async (id) => {
      expect(await asked(GET_SECRET, named(id))).toMatchObject({ status: 5 });
      expect(opened.session.refused).toEqual([]);
    },
  );

  test('a secret of 500 KB, the most that BuildKit takes', async () => {
    opened.session.setOffer({ ...EMPTY, secrets: new Map([['big', Buffer.alloc(500 * 1024, 7)]]) });
    const { status, replies } = await asked(GET_SECRET, named('big'));
    expect({ status, bytes: replies[0]?.length }).toEqual({ status: 0, bytes: 500 * 1024 + 4 });
  });

  test('the credentials of a host of the offer', async () => {
    opened.session.setOffer({ ...EMPTY, login: (host) => (host === 'r.example:5000' ? login(host) : undefined) });
    const { status, replies } = await asked(CREDENTIALS, named('R.example:5000'));
    expect(status).toBe(0);
    expect([...fieldsOf(replies[0]!)].map((field) => textOf(field))).toEqual(['AWS', 'pa55word']);
  });

  test('another host is anonymous, which is no error', async () => {
    opened.session.setOffer({ ...EMPTY, login: (host) => (host === 'r.example' ? login(host) : undefined) });
    const nothing = { status: 0, message: '', replies: [Buffer.alloc(0)] };
    expect(await asked(CREDENTIALS, named('docker.io'))).toEqual(nothing);
    expect(opened.session.refused).toEqual([]);
  });

  test('an offer that answers with the credentials of another host is not believed', async () => {
    opened.session.setOffer({ ...EMPTY, login: () => login('r.example') });
    expect(await asked(CREDENTIALS, named('r.example.evil.io'))).toMatchObject({ replies: [Buffer.alloc(0)] });
  });

  test.each([
    ['no message', Buffer.alloc(0), 13, 'one message is expected'],
    ['two messages', Buffer.concat([named('a'), named('b')]), 13, 'one message is expected'],
    ['half a message', named('token').subarray(0, 8), 13, 'the stream ended within a message'],
    ['what is no protobuf', prefixed(Buffer.from([0x0a, 200, 1])), 3, 'a field is cut off'],
    ['a compressed message', Buffer.from([1, 0, 0, 0, 0]), 12, 'compressed messages are not supported'],
    [
      'a message that says it is huge',
      Buffer.from([0, 0xff, 0xff, 0xff, 0xff]),
      8,
      'a message of 4294967295 bytes, and 65536 is the limit',
    ],
  ])('%s is refused', async (_, bytes, status, message) => {
    opened.session.setOffer({ ...EMPTY, secrets: new Map([['token', Buffer.from('value')]]) });
    expect(await asked(GET_SECRET, bytes)).toEqual({ status, message, replies: [] });
    expect(await asked(CHECK, prefixed(new Uint8Array()))).toMatchObject({ status: 0 });
  });
});
