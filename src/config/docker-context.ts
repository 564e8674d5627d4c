import type { Origin } from '../domain/origin';

/** The context of the agent's own docker configuration that its docker CLI would use. */
export interface DockerContext {
  readonly name: string;
  /** Where it is named: `agent environment DOCKER_CONTEXT`, or the configuration file. */
  readonly namedBy: string;
  /** As its metadata has it. */
  readonly host: string;
  readonly skipTlsVerify: boolean;
  /** Folder with its certificates; undefined: it has none. */
  readonly tlsFolder: string | undefined;
}

/** What the agent's docker configuration says; a problem is one only for a task that would build there. */
export type DockerContextFound = DockerContext | { readonly problem: string } | undefined;

export function contextOrigin(name: string): Origin {
  return { kind: 'docker-context', name };
}

/** The context stands behind all of these: then its files need not be read. */
export function mayNeedContext(
  fields: ReadonlyMap<string, string>,
  job: ReadonlyMap<string, string>,
  agent: ReadonlyMap<string, string>,
): boolean {
  const isBlank = (text: string | undefined): boolean => (text ?? '').trim() === '';
  return isBlank(fields.get('DockerHost')) && isBlank(job.get('DOCKER_HOST')) && isBlank(agent.get('DOCKER_HOST'));
}
