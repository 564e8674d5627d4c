/** The three lines of the drawing that can break. `none`: it never got as far as a line. */
export type Hop = 'agent-aws' | 'agent-daemon' | 'daemon-registry' | 'none';

/** Whose turn it is: the task's fields, the surroundings (network, permissions, disk), the Dockerfile, or us. */
export type Blame = 'config' | 'environment' | 'build' | 'plugin';

/** Stable names: users search for them and scripts branch on them. Never rename one within a major version. */
export type ErrorCode =
  | 'CONFIG_INVALID'
  | 'CONTEXT_MISSING'
  | 'CONTEXT_UNREADABLE'
  | 'DOCKERFILE_MISSING'
  | 'DOCKERFILE_INVALID'
  | 'IGNORE_FILE_INVALID'
  | 'PATH_OUTSIDE'
  | 'SECRET_MISSING'
  | 'RESULT_FILE'
  | 'DAEMON_REFUSED'
  | 'DAEMON_NO_SOCKET'
  | 'DAEMON_NO_PERMISSION'
  | 'DAEMON_NAME_NOT_FOUND'
  | 'DAEMON_TIMEOUT'
  | 'DAEMON_STALLED'
  | 'DAEMON_PROXY'
  | 'DAEMON_CONNECTION_LOST'
  | 'DAEMON_NOT_DOCKER'
  | 'DAEMON_PLAINTEXT'
  | 'DAEMON_CERTIFICATES_MISSING'
  | 'DAEMON_TLS'
  | 'DAEMON_SSH_HOST_KEY'
  | 'DAEMON_SSH_DENIED'
  | 'DAEMON_SSH_FAILED'
  | 'DAEMON_TOO_OLD'
  | 'DAEMON_ERROR'
  | 'PLATFORM_MISMATCH'
  | 'BUILD_RUN_FAILED'
  | 'BUILD_COPY_MISSING'
  | 'BUILD_TARGET_MISSING'
  | 'BUILD_NO_SPACE'
  | 'BUILD_SECRET_MISSING'
  | 'BUILD_FRONTEND_TOO_OLD'
  | 'BUILD_FAILED'
  | 'BASE_IMAGE_DENIED'
  | 'BASE_IMAGE_MISSING'
  | 'BASE_REGISTRY_UNREACHABLE'
  | 'AWS_NO_CREDENTIALS'
  | 'AWS_NO_REGION'
  | 'AWS_DENIED'
  | 'AWS_CREDENTIALS_REJECTED'
  | 'AWS_CLOCK_SKEW'
  | 'AWS_THROTTLED'
  | 'AWS_UNREACHABLE'
  | 'AWS_ERROR'
  | 'AWS_CREDENTIALS_EXPIRED'
  | 'ECR_REPOSITORY_MISSING'
  | 'ECR_REPOSITORY_NOT_CREATED'
  | 'REPOSITORY_SETTINGS_INVALID'
  | 'SOURCE_MISSING'
  | 'TAG_EXISTS'
  | 'TAG_FOREIGN'
  | 'TAG_IMMUTABLE'
  | 'TARGETS_FAILED'
  | 'ECR_REGISTRY_MISMATCH'
  | 'REGISTRY_NOT_ALLOWED'
  | 'ECR_TOKEN_EXPIRED'
  | 'REGISTRY_LOGIN_REFUSED'
  | 'REGISTRY_UNREACHABLE'
  | 'PUSH_DENIED'
  | 'PUSH_UNAUTHORIZED'
  | 'PUSH_TOKEN_EXPIRED'
  | 'PUSH_REPOSITORY_MISSING'
  | 'PUSH_TAG_IMMUTABLE'
  | 'PUSH_THROTTLED'
  | 'PUSH_MOUNT_REFUSED'
  | 'PUSH_REGISTRY_ERROR'
  | 'PUSH_FAILED'
  | 'IMAGE_VANISHED'
  | 'TAG_CONTENDED'
  | 'DIGEST_FOREIGN'
  | 'PLUGIN_FAULT';

export interface StepErrorOptions {
  /** What to do about it, one sentence, naming the field, the file or the IAM action. */
  readonly hint?: string;
  /** The other side's own words (daemon, registry, AWS), untranslated. They are shown behind a gutter. */
  readonly words?: string;
  readonly cause?: unknown;
  /** Worth another try as it stands: throttling, a 5xx, a reset. */
  readonly transient?: boolean;
}

/** The one error type. It says what happened, on which hop, whose turn it is and what to do: the console only lays it out. */
export class StepError extends Error {
  override readonly name = 'StepError';
  readonly hint: string | undefined;
  readonly words: string | undefined;
  readonly transient: boolean;

  constructor(
    readonly code: ErrorCode,
    readonly hop: Hop,
    readonly blame: Blame,
    message: string,
    options: StepErrorOptions = {},
  ) {
    super(message, { cause: options.cause });
    this.hint = options.hint;
    this.words = options.words;
    this.transient = options.transient ?? false;
  }
}

export function isTransient(error: unknown): boolean {
  return error instanceof StepError && error.transient;
}

/** One thing wrong with the task's configuration: `field` is a key of the field table, or a variable's name. */
export interface Problem {
  readonly field: string;
  readonly message: string;
}

/** All problems at once, so that a form is not mended one error at a time. */
export class ConfigError extends StepError {
  constructor(readonly problems: readonly Problem[]) {
    super(
      'CONFIG_INVALID',
      'none',
      'config',
      problems.map((problem) => `${problem.field}: ${problem.message}`).join(' | '),
    );
  }
}
