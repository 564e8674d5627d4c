import { readBeneath } from './open-beneath';

// As the agent's settings file; ECR's policies have 30 KiB at most.
const MAX_BYTES = 1024 * 1024;

/**
 * The text of the file that field RepositorySettings names by `@file`. It is the repository's content: no link of it leads
 * to another file of the agent (security.md 22).
 */
export async function readRepositorySettings(path: string, jobFolder: string): Promise<string> {
  const content = await readBeneath(jobFolder, path, { absolute: 'refused', what: 'file', maxBytes: MAX_BYTES });
  return content.toString('utf8');
}
