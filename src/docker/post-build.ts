import type { Endpoint } from './endpoint';
import { requestError } from './errors/request-errors';
import { readMessages, type DaemonMessage } from './message-stream';
import { readText, refusalOf, send, type Call, type Refusal } from './request';

/**
 * POST /build, to the end of what the daemon tells. Throws what `refused` makes of the daemon's words when it is dockerd
 * itself that will not build; every other failure is a StepError, or the signal's reason.
 */
export async function postBuild(
  endpoint: Endpoint,
  call: Pick<Call, 'query' | 'headers' | 'body'>,
  refused: (words: string) => Error,
  take: (message: DaemonMessage) => void,
  signal: AbortSignal,
): Promise<void> {
  const response = await send(endpoint, { method: 'POST', path: '/build', ...call }, signal);
  const status = response.statusCode ?? 0;
  if (status !== 200) {
    const refusal = refusalOf(status, await readText(endpoint, response, signal));
    throw isOfTheBuild(refusal) ? refused(refusal.text) : requestError(refusal, 'POST /build', endpoint.where);
  }
  await readMessages(endpoint, response, signal, 'build', take);
}

/** The statuses with which dockerd itself refuses a build; anything else is from somebody in between. */
function isOfTheBuild({ status, text }: Refusal): boolean {
  return [400, 404, 409, 500].includes(status) && !text.startsWith('<');
}
