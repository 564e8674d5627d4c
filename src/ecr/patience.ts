/** How long AWS is waited for, and how often it is asked. */
export interface Patience {
  readonly connectionMs: number;
  readonly requestMs: number;
  readonly attempts: number;
  /** For the credentials, which may be a program's, or an endpoint's that never answers. */
  readonly credentialsMs: number;
}

/** An answer of ECR's API is a few KB. One attempt: the pipeline asks again, and says so. */
export const PATIENCE: Patience = { connectionMs: 5_000, requestMs: 15_000, attempts: 1, credentialsMs: 60_000 };
