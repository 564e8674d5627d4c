import { forbiddingHost, listText, type AllowedHosts } from '../domain/allowed';
import { StepError } from '../domain/errors';

/** A host that no field names is known once AWS has told it: nothing is sent there that the agent does not allow. */
export function admitRegistry(host: string, allowed: AllowedHosts): void {
  const list = forbiddingHost(host.toLowerCase(), allowed);
  if (list === undefined) return;
  throw new StepError(
    'REGISTRY_NOT_ALLOWED',
    'none',
    'config',
    `The registry ${host}, which AWS names for this repository, is not allowed on this agent: it is not in ${listText(list)}`,
    { hint: "Push to a registry that is allowed there, or have the agent's administrator add this one" },
  );
}
