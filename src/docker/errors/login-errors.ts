import type { StepError } from '../../domain/errors';
import type { Refusal } from '../request';
import type { Where } from '../where';
import { faultOf, type RegistryFault } from './registry-words';
import { requestError } from './request-errors';
import { stepError, unreachable, type Verdict } from './verdict';

type Row = (host: string, where: Where) => Verdict;

const refused: Row = (host, { daemon }) => ({
  code: 'REGISTRY_LOGIN_REFUSED',
  blame: 'environment',
  message: `The registry ${host} refused the login of the daemon at ${daemon}`,
  hint: `Check that ${host} is the registry that the token was issued for, and this agent's clock (NTP)`,
});

const outOfOrder: Row = (host, { daemon }) => ({
  code: 'REGISTRY_UNREACHABLE',
  blame: 'environment',
  message: `The registry ${host} did not answer the login of the daemon at ${daemon} properly`,
  hint: 'The registry throttles or is out of order: run the task again later',
  transient: true,
});

const rows: Readonly<Partial<Record<RegistryFault, Row>>> = {
  unauthorized: refused,
  denied: refused,
  'action-denied': refused,
  'token-expired': refused,
  'no-credentials': refused,
  unclear: refused,
  throttled: outOfOrder,
  'registry-error': outOfOrder,
  'connection-broken': outOfOrder,
  unreachable: (host, where) => unreachable('unreachable', host, where),
  'certificate-unknown': (host, where) => unreachable('certificate-unknown', host, where),
  'plain-http': (host, where) => unreachable('plain-http', host, where),
};

/** Why the daemon's own login (POST /auth) came to nothing. A wrong password is an HTTP 500, on every engine. */
export function loginError(refusal: Refusal, host: string, where: Where): StepError {
  const fault = faultOf(refusal.text);
  const row = fault && rows[fault];
  return row ? stepError(row(host, where), refusal.text) : requestError(refusal, `the login to ${host}`, where);
}
