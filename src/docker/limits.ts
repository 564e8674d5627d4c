/** How long a daemon may take, in milliseconds. */
export interface Limits {
  /** To connect, handshake and change of protocol included: what the preflight gives a black hole. */
  readonly connectMs: number;
  /** For ping, version and info together. */
  readonly describeMs: number;
  /** To HTTP/2 with prior knowledge: who knows it answers within a round trip, who does not may never answer. */
  readonly h2cAnswerMs: number;
}

export const LIMITS: Limits = { connectMs: 15_000, describeMs: 15_000, h2cAnswerMs: 3_000 };
