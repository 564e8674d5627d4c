/** Where a value came from. Every message that quotes a value says this too: half of all support is "which one won?". */
export type Origin =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'job-variable'; readonly name: string }
  | { readonly kind: 'settings-file'; readonly name: string }
  | { readonly kind: 'agent-environment'; readonly name: string }
  /** A context of the agent's own docker configuration. */
  | { readonly kind: 'docker-context'; readonly name: string }
  | { readonly kind: 'server-property'; readonly name: string }
  | { readonly kind: 'repository-host' }
  | { readonly kind: 'built-in' };

export interface Sourced<T> {
  readonly value: T;
  readonly origin: Origin;
}

export function describeOrigin(origin: Origin): string {
  switch (origin.kind) {
    case 'field':
      return `field ${origin.name}`;
    case 'job-variable':
      return `job variable ${origin.name}`;
    case 'settings-file':
      return `agent settings ${origin.name}`;
    case 'agent-environment':
      return `agent environment ${origin.name}`;
    case 'docker-context':
      return `docker context ${origin.name} of the agent`;
    case 'server-property':
      return `server property gocd.ecr.${origin.name}`;
    case 'repository-host':
      return 'host in field Repository';
    case 'built-in':
      return 'built-in';
  }
}
