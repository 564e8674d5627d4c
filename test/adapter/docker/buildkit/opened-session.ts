import type { SessionKind } from '../../../../src/domain/events';
import { openSession, type BuildKitSession } from '../../../../src/docker/buildkit/session';
import type { Offer } from '../../../../src/docker/buildkit/offer';
import { openEndpoint, type Endpoint } from '../../../../src/docker/endpoint';
import { planFor, tcpTarget, unixTarget, unlimited } from '../opened';
import { startFakeBuildKit, type DaemonSide, type FakeBuildKit, type FakeOptions } from './fake-buildkit';

export const WAYS: readonly SessionKind[] = ['upgrade', 'h2c'];

export const EMPTY: Offer = { secrets: new Map(), sshAgents: new Map(), folders: new Map(), login: () => undefined };

export interface Opened {
  readonly fake: FakeBuildKit;
  readonly endpoint: Endpoint;
  readonly session: BuildKitSession;
  /** The other end of it. */
  readonly daemon: DaemonSide;
  stop(): Promise<void>;
}

export function endpointOf(fake: FakeBuildKit): Promise<Endpoint> {
  return openEndpoint(planFor(fake.port === 0 ? unixTarget(fake.socketPath) : tcpTarget(fake.port)));
}

/** A session with a daemon that knows one way, and both ends of it. */
export async function openBoth(way: SessionKind, options: Partial<FakeOptions> = {}): Promise<Opened> {
  const fake = await startFakeBuildKit({ ways: [way], ...options });
  const endpoint = await endpointOf(fake);
  const arrived = fake.session();
  const session = await openSession(endpoint, { sharedKey: 'slot' }, unlimited());
  if (session.kind === 'none') throw new Error(session.why);
  const daemon = await arrived;
  return {
    fake,
    endpoint,
    session,
    daemon,
    stop: async () => {
      session.close();
      endpoint.close();
      await fake.stop();
    },
  };
}
