import type { Metadata } from '../grpc/metadata';
import { GRPC, GrpcError } from '../grpc/status';
import type { SyncRequest } from '../offer';

/** What strconv.ParseBool takes for true. */
const TRUE: readonly (string | undefined)[] = ['1', 't', 'T', 'TRUE', 'true', 'True'];

/** The name of the folder that is asked for, and what of it (buildkit: session/filesync/filesync.go, decodeOpts). */
export function syncRequestOf(metadata: Metadata): { readonly folder: string; readonly request: SyncRequest } {
  return {
    folder: decoded(metadata, 'dir-name')[0] ?? '',
    request: {
      includePatterns: decoded(metadata, 'include-patterns'),
      excludePatterns: decoded(metadata, 'exclude-patterns'),
      followPaths: decoded(metadata, 'followpaths'),
    },
  };
}

function decoded(metadata: Metadata, name: string): readonly string[] {
  const values = metadata.values(name);
  return TRUE.includes(metadata.first(`${name}-encoded`)) ? values.map(unescapeQuery) : values;
}

/** What is no UTF-8 becomes U+FFFD, as it does where Node reads it from a file. */
function unescapeQuery(value: string): string {
  if (/%(?![0-9A-Fa-f]{2})/.test(value)) {
    throw new GrpcError(GRPC.INVALID_ARGUMENT, `${JSON.stringify(value)} is not encoded as a query`);
  }
  const text = value.replaceAll('+', ' ');
  const bytes = text.replaceAll(/%(..)/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
