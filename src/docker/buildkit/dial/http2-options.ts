import type { ClientSessionOptions, ServerOptions } from 'node:http2';

/**
 * What a peer may have open and send unasked, on a session that we serve. BuildKit's own client side takes 1 MiB of
 * headers (net/http's default), and there is one header for each pattern of an ignore file.
 */
export const SERVED: ServerOptions = {
  maxHeaderListPairs: 10_000,
  maxSessionMemory: 32,
  settings: { maxHeaderListSize: 1024 * 1024, maxConcurrentStreams: 64, enablePush: false },
};

/** For calls of ours: a progress stream fills a window of 64 KiB faster than an event loop turns. */
export const CALLING: ClientSessionOptions = {
  maxHeaderListPairs: 1_000,
  maxSessionMemory: 64,
  settings: { maxHeaderListSize: 1024 * 1024, initialWindowSize: 1024 * 1024, enablePush: false },
};
