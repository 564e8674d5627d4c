import type { RegistryLogin } from '../../pipeline/ports';
import type { Readable } from 'node:stream';

/** All that one session may hand out (security.md 14, 15): what is not in here is refused, whoever asks. */
export interface Offer {
  /** By id; the bytes are registered with the mask already. */
  readonly secrets: ReadonlyMap<string, Buffer>;
  /** The agent's sockets, absolute paths, by id. */
  readonly sshAgents: ReadonlyMap<string, string>;
  /** By folder name: `context`, `dockerfile`, and those of named contexts. */
  readonly folders: ReadonlyMap<string, SyncFolder>;
  /** Compared whole and normalised; undefined for every host that the plan does not name. */
  login(host: string): RegistryLogin | undefined;
}

/** A folder that BuildKit may compare with what it has, and take what is new from. */
export interface SyncFolder {
  /** One DiffCopy; a build may make several of the same folder, also at the same time. */
  open(request: SyncRequest): SyncTransfer;
}

/** What BuildKit's frontend asks for, from the call's headers; ours to narrow, never to widen. */
export interface SyncRequest {
  readonly includePatterns: readonly string[];
  readonly excludePatterns: readonly string[];
  readonly followPaths: readonly string[];
}

export interface SyncTransfer {
  /** fsutil packets, each with gRPC's five-byte prefix, in as large pieces as pays. Destroy it to stop. */
  readonly output: Readable;
  /** Bytes of the call's other direction, prefixes included, cut anywhere. */
  input(bytes: Uint8Array): void;
  /** The other direction has ended. */
  inputEnded(): void;
}
