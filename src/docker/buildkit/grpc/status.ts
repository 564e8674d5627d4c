/** Of https://grpc.github.io/grpc/core/md_doc_statuscodes.html, those that are used here. */
export const GRPC = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  RESOURCE_EXHAUSTED: 8,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
} as const;

/** What a call ended with, other than OK; sent by us or by the other side. */
export class GrpcError extends Error {
  constructor(
    readonly code: number,
    message: string,
    /** google.rpc.Status, as it came in `grpc-status-details-bin`. */
    readonly details?: Buffer | undefined,
  ) {
    super(message);
  }
}

/** Our own words for the other side; a stack or a Node message tells it nothing that it needs to know. */
export function grpcErrorOf(error: unknown): GrpcError {
  return error instanceof GrpcError ? error : new GrpcError(GRPC.UNKNOWN, 'the client failed');
}

/** `grpc-message` of the gRPC over HTTP/2 specification: printable ASCII but `%`, the rest as %XX of its UTF-8. */
export function encodeMessage(message: string): string {
  const bytes = Buffer.from(message, 'utf8').subarray(0, MAX_MESSAGE_BYTES);
  let encoded = '';
  for (const byte of bytes) {
    encoded += byte >= 0x20 && byte <= 0x7e && byte !== 0x25 ? String.fromCharCode(byte) : hex(byte);
  }
  return encoded;
}

/** What is no valid escape is taken as it stands. */
export function decodeMessage(encoded: string): string {
  const bytes = encoded.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** Peers limit their header lists; a message is a sentence. */
const MAX_MESSAGE_BYTES = 4096;

function hex(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
