import type { RegistryLogin } from '../pipeline/ports';
import type { Endpoint } from './endpoint';
import { loginError } from './errors/login-errors';
import { authConfig } from './registry-auth';
import { exchange } from './request';

/** Has the daemon itself try the credentials: it is the daemon that must reach the registry. */
export async function login(endpoint: Endpoint, credentials: RegistryLogin, signal: AbortSignal): Promise<void> {
  const call = { method: 'POST', path: '/auth', json: authConfig(credentials) } as const;
  await exchange(endpoint, call, signal, (refusal) => loginError(refusal, credentials.host, endpoint.where));
}
