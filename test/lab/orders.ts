/** What tests may ask of a running lab: the admin interface's commands, faults and records. Plain data. */

/** Which calls a fault is for. What is left out matches everything. */
export interface AwsMatch {
  /** `GetAuthorizationToken`, `AssumeRole`, … */
  readonly operation?: string;
  /** Also matches calls with the keys of a role that this key has assumed */
  readonly accessKeyId?: string;
  readonly repository?: string;
  readonly region?: string;
}

export type AwsAction =
  /** Message and status as AWS has them, unless given */
  | { readonly error: AwsErrorName; readonly message?: string; readonly status?: number }
  | { readonly delayMs: number }
  /** GetAuthorizationToken only: 0 or less is a token that has expired already */
  | { readonly tokenLifetimeSeconds: number }
  /** GetAuthorizationToken only: names a registry nobody asked for */
  | { readonly proxyEndpoint: string }
  | 'reset'
  | 'hang';

export type AwsErrorName =
  | 'AccessDeniedException'
  | 'ThrottlingException'
  | 'ServerException'
  | 'ServiceUnavailableException'
  | 'ExpiredTokenException'
  | 'UnrecognizedClientException'
  | 'InvalidSignatureException'
  | 'InvalidParameterException'
  | 'RepositoryNotFoundException';

export interface RegistryMatch {
  readonly method?: string;
  /** Regular expression on the path with its query: `^/v2/team/app/manifests/` */
  readonly path?: string;
  /** The key that got the token used; also the key behind an assumed role */
  readonly accessKeyId?: string;
  /** A registry's host, where a lab has several */
  readonly host?: string;
}

export type RegistryAction =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** Text as it is, or one error of the registry protocol */
      readonly body?: string | { readonly code: string; readonly message: string };
    }
  | { readonly delayMs: number }
  /** The connection breaks after so many bytes of the request's body */
  | { readonly resetAfterBytes: number }
  | 'reset'
  | 'hang';

interface Often {
  /** So many matching calls pass first; default 0 */
  readonly after?: number;
  /** Default 1 */
  readonly times?: number | 'always';
}

export interface AwsFault extends Often {
  readonly on: 'aws';
  readonly match?: AwsMatch;
  readonly action: AwsAction;
}

export interface RegistryFault extends Often {
  readonly on: 'registry';
  readonly match?: RegistryMatch;
  readonly action: RegistryAction;
}

export type Fault = AwsFault | RegistryFault;

export type Mutability = 'MUTABLE' | 'IMMUTABLE' | 'MUTABLE_WITH_EXCLUSION' | 'IMMUTABLE_WITH_EXCLUSION';

export interface RepositoryOptions {
  readonly immutable?: boolean;
  readonly mutability?: Mutability;
  /** Tag filters (`latest*`) of the two …_WITH_EXCLUSION */
  readonly exclusions?: readonly string[];
  /** Host of the registry; blank: the plain one */
  readonly host?: string;
}

/** A role of the lab's IAM. */
export interface RoleOptions {
  /** Actions; left out: all */
  readonly allowed?: readonly string[];
  /** Of the trust policy: who does not say it may not assume the role */
  readonly externalId?: string;
  /** How long a session lasts, whatever is asked for */
  readonly sessionSeconds?: number;
}

export interface AwsRecord {
  readonly on: 'aws';
  readonly at: string;
  readonly service: string;
  readonly operation: string;
  readonly accessKeyId: string | null;
  /** The key that assumed the role; else the key itself */
  readonly rootKeyId: string | null;
  /** Who that is */
  readonly arn: string;
  readonly sessionToken: string | null;
  readonly region: string | null;
  /** The client's clock (X-Amz-Date) */
  readonly clientDate: string | null;
  readonly userAgent: string | null;
  readonly input: Readonly<Record<string, unknown>>;
  /** 0: no answer was given */
  readonly status: number;
  readonly error: string | null;
}

export interface RegistryRecord {
  readonly on: 'registry';
  readonly at: string;
  readonly host: string;
  readonly method: string;
  readonly path: string;
  /** Which token: `token-7`, null for none, `unknown` for one that was never issued */
  readonly token: string | null;
  readonly accessKeyId: string | null;
  readonly rootKeyId: string | null;
  readonly status: number;
  /** Answered, delayed or broken by a fault */
  readonly fault: boolean;
}

export interface ForeignRecord {
  readonly on: 'foreign';
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly authorization: string | null;
}

/** A request to the registry that a password opens */
export interface PrivateRecord {
  readonly on: 'private';
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly authorization: string | null;
  readonly accepted: boolean;
}

export type LabRecord = AwsRecord | RegistryRecord | ForeignRecord | PrivateRecord;

export interface LabImage {
  readonly digest: string;
  readonly mediaType: string;
  readonly manifest: Readonly<Record<string, unknown>>;
  /** The config blob; null for an index */
  readonly config: Readonly<Record<string, unknown>> | null;
}

export interface LabToken {
  readonly username: 'AWS';
  readonly password: string;
  readonly serveraddress: string;
}

interface ImageQuery {
  readonly repository: string;
  readonly reference: string;
  readonly host?: string;
}

export type Order =
  | { readonly command: 'fault'; readonly fault: Fault }
  | { readonly command: 'repository'; readonly name: string; readonly options: RepositoryOptions }
  | { readonly command: 'requests' }
  | { readonly command: 'reset'; readonly accessKeyId?: string }
  | { readonly command: 'expireTokens'; readonly accessKeyId?: string }
  | { readonly command: 'policy'; readonly accessKeyId: string; readonly allowed: readonly string[] }
  | { readonly command: 'role'; readonly arn: string; readonly owner: string; readonly options: RoleOptions }
  | { readonly command: 'expireSessions'; readonly accessKeyId: string }
  | { readonly command: 'passwords'; readonly accessKeyId: string }
  | { readonly command: 'token'; readonly host?: string; readonly lifetimeSeconds?: number }
  | ({ readonly command: 'image' } & ImageQuery)
  | { readonly command: 'tags'; readonly repository: string; readonly host?: string }
  | { readonly command: 'clock'; readonly offsetMs: number };
