import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where setup.sh puts what it builds. */
export function cacheFolder(): string {
  return process.env['GOCD_ECR_TASK_CACHE'] ?? join(homedir(), '.cache', 'gocd-ecr-task');
}

export function engine29Folder(): string {
  return join(cacheFolder(), 'engine29');
}

/** Debian keeps daemons where a user's PATH often does not look. */
export function systemPath(): string {
  return `${process.env['PATH'] ?? ''}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin`;
}

/** Folders of running labs start so; what is left of dead ones is found by it. Not TMPDIR: a unix socket's path ends at
 *  107 bytes, and containerd's are deep. */
export const labFolderPrefix = '/tmp/gocd-ecr-lab-';
