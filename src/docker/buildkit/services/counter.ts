import { GRPC, GrpcError } from '../grpc/status';
import type { Offer } from '../offer';

/** A note names a few of them; a daemon that asks for thousands gets no memory of ours for it. */
const MAX_REMEMBERED = 50;
const MAX_NAME = 100;

const NOTHING: Offer = { secrets: new Map(), sshAgents: new Map(), folders: new Map(), login: () => undefined };

/** Over it goes what the offer lists; what was asked beyond that is remembered. */
export class Counter {
  /** Nothing, until the build says what. */
  offer: Offer = NOTHING;
  readonly #refused = new Set<string>();

  get refused(): readonly string[] {
    return [...this.#refused];
  }

  /** `what`: `secret`, `folder`. The error is for the asker, whose words the name is. */
  refuse(what: string, name: string): GrpcError {
    const asked = `${what} ${quoted(name)}`;
    if (this.#refused.size < MAX_REMEMBERED) this.#refused.add(asked);
    return new GrpcError(GRPC.NOT_FOUND, `${asked}: not found`);
  }
}

function quoted(name: string): string {
  const shown = name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}...` : name;
  const escape = (one: string): string => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(shown).replaceAll(/[^ -~]/g, escape);
}
