import { forbiddingHost, listText } from '../domain/allowed';
import type { Problem } from '../domain/errors';
import { describeOrigin } from '../domain/origin';
import { normalHost, registryOf } from '../domain/registry-host';
import type { DaemonDecision } from './daemon-target';
import type { Settings } from './settings';
import type { Task } from './task';

/** What steps outside `allow.daemons` and `allow.registries`: told before anything happens. */
export function notAllowed(task: Task, daemon: DaemonDecision, settings: Settings): Problem[] {
  return [...forbiddenDaemon(daemon, settings), ...forbiddenRegistries(task, settings)];
}

function forbiddenDaemon({ target, named }: DaemonDecision, { allowedDaemons }: Settings): Problem[] {
  if (target === undefined) return [];
  const { value, origin } = target.display;
  const list = allowedDaemons.find(
    ({ value: entries }) => !entries.some((entry) => entry === value || entry === named?.name),
  );
  if (list === undefined) return [];
  const message = `${value} (${describeOrigin(origin)}) is not allowed on this agent: it is not in ${listText(list)}`;
  return [{ field: 'DockerHost', message }];
}

/** Whatever is written to: what a Dockerfile reads is a matter of the daemon's network. */
function forbiddenRegistries({ repository, targets, cacheTo }: Task, { allowedRegistries }: Settings): Problem[] {
  const written = [
    { field: 'Repository', where: '', host: repository?.value.host },
    ...targets.map(({ where, repository: { host } }) => ({ field: 'AlsoPushTo', where: `${where} names `, host })),
    ...cacheTo.map(({ where, entry }) => ({
      field: 'CacheTo',
      where: `${where} names `,
      host: entry.ref && registryOf(entry.ref),
    })),
  ];
  return written.flatMap(({ field, where, host }) => {
    const list = host === undefined ? undefined : forbiddingHost(normalHost(host), allowedRegistries);
    if (list === undefined) return [];
    return [{ field, message: `${where}${host ?? ''} is not allowed on this agent: it is not in ${listText(list)}` }];
  });
}
