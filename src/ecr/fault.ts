/** What an SDK error says, of what tells the cases apart. */
export interface Fault {
  /** `AccessDeniedException`, or the JavaScript name of what no service sent. */
  readonly name: string;
  /** Node's code: `ECONNREFUSED`, `ERR_TLS_CERT_ALTNAME_INVALID`. */
  readonly code: string;
  readonly status: number | undefined;
  readonly attempts: number;
  readonly words: string;
  /** The clock of whoever answered, in milliseconds since the epoch. */
  readonly awsNow: number | undefined;
}

interface SdkError {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

export function readFault(error: unknown): Fault {
  const sdk = asSdkError(error);
  const date = Date.parse(sdk.$response?.headers?.['date'] ?? '');
  return {
    name: typeof sdk.name === 'string' ? sdk.name : '',
    code: codeOf(sdk),
    status: sdk.$metadata?.httpStatusCode,
    attempts: sdk.$metadata?.attempts ?? 1,
    words: wordsOf(sdk),
    awsNow: Number.isNaN(date) ? undefined : date,
  };
}

function asSdkError(error: unknown): SdkError {
  return typeof error === 'object' && error !== null ? error : { message: String(error) };
}

/** Of the error itself, else of what it wraps: several addresses tried in turn end in one AggregateError. */
function codeOf(error: SdkError): string {
  if (typeof error.code === 'string') return error.code;
  // The SDK gives its limit on connecting no code.
  if (error.name === 'TimeoutError') return 'ETIMEDOUT';
  const inner = error.cause ?? error.errors?.[0];
  return inner === undefined ? '' : codeOf(asSdkError(inner));
}

/** One line, without the SDK's advice to its own developers. */
function wordsOf(error: SdkError): string {
  const text = typeof error.message === 'string' ? error.message : '';
  return (text.split('\n')[0] ?? '').replace(/^@smithy\/\S+ - \[ERROR\] /, '').trim();
}
