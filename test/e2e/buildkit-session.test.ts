import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SessionKind } from '../../src/domain/events';
import type { DaemonTarget } from '../../src/domain/plan';
import type { Offer } from '../../src/docker/buildkit/offer';
import { openSession, type BuildKitSession } from '../../src/docker/buildkit/session';
import { openEndpoint, type Endpoint } from '../../src/docker/endpoint';
import { planFor, tcpTarget, unixTarget, unlimited } from '../adapter/docker/opened';
import { describeWithLab, engineApi, lab } from '../lab/client';
import { tar } from '../lab/tar';

jest.setTimeout(120_000);

const NOTHING: Offer = { secrets: new Map(), sshAgents: new Map(), folders: new Map(), login: () => undefined };
const LIST_WORKERS = '/moby.buildkit.v1.Control/ListWorkers';

const port = (url: string): number => Number(new URL(url.replace(/^tcp:/, 'http:')).port);
const certPath = () => ({ value: lab().engine.certFolder, origin: { kind: 'field', name: 'CertPath' } }) as const;

const TARGETS: Readonly<Record<'unix' | 'tcp' | 'TLS', () => DaemonTarget>> = {
  unix: () => unixTarget(lab().engine.unixUrl.slice('unix://'.length)),
  tcp: () => tcpTarget(port(lab().engine.plainUrl)),
  TLS: () => tcpTarget(port(lab().engine.tlsUrl), { certPath: certPath(), verify: true }),
};

const CASES: readonly [keyof typeof TARGETS, SessionKind][] = [
  ['unix', 'upgrade'],
  ['unix', 'h2c'],
  ['tcp', 'upgrade'],
  ['tcp', 'h2c'],
  ['TLS', 'upgrade'],
];

/** HTTP/2 with prior knowledge came with API 1.53; the upgrade will go. */
const isThere = (way: SessionKind): boolean => way === 'upgrade' || !lab().engine.version.startsWith('20.');

describeWithLab('a session with a real BuildKit', () => {
  let endpoint: Endpoint;
  let session: BuildKitSession | undefined;
  afterEach(() => {
    session?.close();
    endpoint.close();
    session = undefined;
  });

  async function open(on: keyof typeof TARGETS, way: SessionKind): Promise<BuildKitSession> {
    endpoint = await openEndpoint(planFor(TARGETS[on]()));
    const found = await openSession(endpoint, { sharedKey: randomBytes(8).toString('hex'), ways: [way] }, unlimited());
    if (found.kind === 'none') throw new Error(found.why);
    session = found;
    return found;
  }

  /** A build whose Dockerfile is all of its context; its output is in the daemon's answer. */
  async function build(id: string, ...lines: string[]): Promise<string | undefined> {
    const dockerfile = [`FROM ${lab().baseImage}`, `ENV ONCE=${randomBytes(8).toString('hex')}`, ...lines, ''];
    const body = tar([{ name: 'Dockerfile', content: dockerfile.join('\n') }]);
    const query = { version: '2', session: id, buildid: randomBytes(8).toString('hex') };
    const done = await engineApi().stream('/build', query, body, { 'content-type': 'application/x-tar' });
    expect(done.status).toBe(200);
    return done.error;
  }

  test.each(CASES)('over %s by %s: it opens, gives out what is offered, and takes calls', async (on, way) => {
    if (!isThere(way)) {
      endpoint = await openEndpoint(planFor(TARGETS[on]()));
      const found = await openSession(endpoint, { sharedKey: 'k', ways: [way] }, unlimited());
      expect(found).toEqual({ kind: 'none', why: 'Protocol error to HTTP/2 with prior knowledge' });
      return;
    }
    const opened = await open(on, way);
    expect(opened.kind).toBe(way);
    const calls = await opened.calls(unlimited());
    expect((await calls.unary(LIST_WORKERS, Buffer.alloc(0), unlimited())).length).toBeGreaterThan(20);
    opened.setOffer({ ...NOTHING, secrets: new Map([['token', Buffer.from('the value\n')]]) });
    const check =
      'RUN --mount=type=secret,id=token,required=true --mount=type=secret,id=other test "$(cat /run/secrets/token)" = "the value" && test ! -e /run/secrets/other';
    expect(await build(opened.id, check)).toBeUndefined();
    expect(opened.refused).toEqual(['secret "other"']);
  });

  test.each(CASES)('over %s by %s: a secret that is not offered is missing', async (on, way) => {
    if (!isThere(way)) return expect(lab().engine.version).toMatch(/^20\./);
    const opened = await open(on, way);
    opened.setOffer(NOTHING);
    const error = await build(opened.id, 'RUN --mount=type=secret,id=token,required=true true');
    expect(error).toMatch(/secret token(: | )not found/);
  });

  test.each(CASES)('over %s by %s: thirty of them leave nothing', async (on, way) => {
    if (!isThere(way)) return expect(lab().engine.version).toMatch(/^20\./);
    await sleep(100); // what the test before has closed is gone
    const before = resources();
    for (let index = 0; index < 30; index++) {
      const opened = await open(on, way);
      await (await opened.calls(unlimited())).unary(LIST_WORKERS, Buffer.alloc(0), unlimited());
      opened.close();
      await opened.ended;
      endpoint.close();
    }
    await sleep(100);
    expect(resources()).toEqual(before);
  });
});

function resources(): string[] {
  const others = /^(FSReq|Timeout|Immediate)/; // of the test itself
  return process
    .getActiveResourcesInfo()
    .filter((name) => !others.test(name))
    .toSorted();
}
