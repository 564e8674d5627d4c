import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';

// The SDK's own measure (@aws-sdk/core, isIdentityExpired): what ends within five minutes is fetched anew.
const SPARE_MS = 5 * 60_000;

/** Credentials that are fetched once and kept until they are about to end. */
export interface Remembered {
  /** The SDK takes it as it is, and keeps nothing of its own. */
  readonly provide: AwsCredentialIdentityProvider & { memoized: true };
  /** Fetches anew what AWS calls expired; false: these are the same ones again, and nobody renews them. */
  renew(expired: AwsCredentialIdentity): Promise<boolean>;
}

/** Calls side by side fetch once; what failed is not kept. */
export function remember(load: () => Promise<AwsCredentialIdentity>): Remembered {
  let known: Promise<AwsCredentialIdentity> | undefined;
  const fetched = (): Promise<AwsCredentialIdentity> => {
    const fetching = load();
    known = fetching;
    fetching.catch(() => {
      if (known === fetching) known = undefined;
    });
    return fetching;
  };
  const provide = async (): Promise<AwsCredentialIdentity> => {
    const found = await (known ?? fetched());
    return endsSoon(found) ? fetched() : found;
  };
  return {
    provide: Object.assign(provide, { memoized: true as const }),
    renew: async (expired) => {
      const current = await (known ?? fetched());
      if (!isSame(current, expired)) return true;
      return !isSame(await fetched(), expired);
    },
  };
}

function endsSoon({ expiration }: AwsCredentialIdentity): boolean {
  return expiration !== undefined && expiration.getTime() - Date.now() < SPARE_MS;
}

function isSame(one: AwsCredentialIdentity, other: AwsCredentialIdentity): boolean {
  return one.accessKeyId === other.accessKeyId && one.sessionToken === other.sessionToken;
}
