import { fieldNamed, FIELDS } from '../config/fields';
import { nearNames } from '../config/near';
import type { ExecuteRequest } from './requests';

/** Whoever looks for the fault of a daemon has no run whose label could be a tag. */
const DEFAULT_TAG = 'check';

// What decides who asks AWS, and which daemon: the shell is the agent's here, and never a job that another agent must not
// be mixed with.
const OF_THE_AGENT = /^(?:AWS_|DOCKER_|BUILDX_|BUILDKIT_)|^(?:https?|no|all)_proxy$/i;

/**
 * A request from fields as they are typed (`Repository=team/app`), for the current folder, with the shell's variables as
 * the job's; or what is wrong with them.
 */
export function requestOfFields(
  typed: readonly string[],
  environment: ReadonlyMap<string, string>,
): ExecuteRequest | string {
  const fields = new Map<string, string>();
  for (const text of typed) {
    const at = text.indexOf('=');
    const name = at < 0 ? text : text.slice(0, at);
    const problem = problemOf(name, at < 0, fields);
    if (problem !== undefined) return problem;
    fields.set(name, text.slice(at + 1));
  }
  if (!fields.has('Tags')) fields.set('Tags', DEFAULT_TAG);
  const variables = [...environment].filter(([name]) => !OF_THE_AGENT.test(name));
  return { workingDirectory: '.', environmentVariables: new Map(variables), fields };
}

function problemOf(name: string, isBare: boolean, before: ReadonlyMap<string, string>): string | undefined {
  if (isBare) return `"${name}" is neither a request nor FIELD=VALUE`;
  if (fieldNamed(name) === undefined) {
    const near = nearNames(
      name,
      FIELDS.map(({ key }) => key),
    );
    return `there is no field ${name}${near.length === 0 ? '' : `; is ${near.join(' or ')} meant`}`;
  }
  return before.has(name) ? `field ${name} is given twice` : undefined;
}
