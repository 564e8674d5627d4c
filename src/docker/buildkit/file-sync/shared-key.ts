import { createHash } from 'node:crypto';

/** Whose files a slot on the daemon holds (security.md 17). */
export interface SlotOwner {
  /** The agent: two of them with the same path never share files. */
  readonly agent: string;
  /** The GoCD server, for agents of several that serve on one machine. */
  readonly server: string;
  readonly pipeline: string;
  /** The context's real folder. */
  readonly root: string;
}

/** Names the slot in which the daemon keeps a context's files for the next build; it tells nothing of what it is made of. */
export function sharedKey({ agent, server, pipeline, root }: SlotOwner): string {
  return createHash('sha256')
    .update(JSON.stringify([agent, server, pipeline, root]))
    .digest('hex');
}
