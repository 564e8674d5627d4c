import { ConfigError } from '../domain/errors';
import { describeOrigin } from '../domain/origin';
import type { ProxyPlan } from '../domain/plan';
import { Secret } from '../domain/secret';
import type { Mask } from '../pipeline/ports';

/** How AWS is reached over a proxy. */
export interface Proxy {
  /** Without user and password: the library has its own ideas of what is told under DEBUG. */
  readonly url: string;
  /** What the proxy is sent to know the user by. */
  readonly authorization: string | undefined;
  /** `http://proxy.internal:3128 (agent environment HTTPS_PROXY)` */
  readonly text: string;
  readonly noProxy: string;
}

/**
 * A job's proxy may serve the agent's credentials: all that it sees of a call is the host's name and TLS, whose
 * certificates it cannot choose (the CAs are those of the credentials' side).
 */
export function readProxy({ url, display, noProxy }: ProxyPlan, mask: Mask): Proxy {
  // As curl and Go have it: without a scheme it is an http proxy.
  const text = url.reveal().includes('://') ? url.reveal() : `http://${url.reveal()}`;
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    const field = 'name' in display.origin ? display.origin.name : 'HTTPS_PROXY';
    throw new ConfigError([{ field, message: `${display.value} is not an http or https URL of a proxy` }]);
  }
  registerPassword(parsed, mask);
  return {
    url: parsed.origin,
    authorization: authorizationOf(parsed),
    text: `${display.value} (${describeOrigin(display.origin)})`,
    noProxy,
  };
}

function authorizationOf({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  return `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64')}`;
}

function registerPassword({ password }: URL, mask: Mask): void {
  if (password === '') return;
  mask.register('proxy password', new Secret(password));
  mask.register('proxy password', new Secret(decoded(password)));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
