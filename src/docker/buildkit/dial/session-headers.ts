/** What the daemon keeps of a session (buildkit: session/session.go). */
export interface SessionIdentity {
  readonly id: string;
  /** Names the slot in which the daemon keeps the context's files for the next build; ASCII. */
  readonly sharedKey: string;
  /** Paths of the methods that are answered. */
  readonly methods: string[];
}

/** In lower case: they are HTTP/2 headers too, and HTTP/1.1 doesn't mind. */
export function sessionHeaders({ id, sharedKey, methods }: SessionIdentity): Record<string, string | string[]> {
  return {
    'x-docker-expose-session-uuid': id,
    'x-docker-expose-session-name': '',
    'x-docker-expose-session-sharedkey': sharedKey,
    'x-docker-expose-session-grpc-method': methods,
  };
}
