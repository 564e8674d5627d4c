import { asObject, asStringMap, parseJsonObject } from './json';
import { MalformedRequest } from './malformed-request';

/** What GoCD sends to run a task. */
export interface ExecuteRequest {
  /** Relative to the agent's own working directory: `pipelines/<pipeline>`. */
  readonly workingDirectory: string;
  /** The job's variables; GoCD's own among them, the agent's environment is not. */
  readonly environmentVariables: ReadonlyMap<string, string>;
  /** The task's fields by key. `secure` and `required`, which GoCD sends too, mean nothing there: GoCD fills them in with false. */
  readonly fields: ReadonlyMap<string, string>;
}

export function parseExecute(body: string): ExecuteRequest {
  const request = parseJsonObject(body, 'The request');
  const context = asObject(request.get('context'), 'context of the request');
  const workingDirectory = context.get('workingDirectory');
  if (typeof workingDirectory !== 'string' || workingDirectory === '' || workingDirectory.includes('\0')) {
    throw new MalformedRequest('context.workingDirectory of the request is not a path');
  }
  return {
    workingDirectory,
    environmentVariables: asStringMap(
      context.get('environmentVariables') ?? {},
      'context.environmentVariables of the request',
    ),
    fields: fieldsOf(request.get('config') ?? {}, 'config of the request'),
  };
}

/** The fields as typed into the form: before parameters are replaced, and without those that were never touched. */
export function parseValidate(body: string): ReadonlyMap<string, string> {
  return fieldsOf(Object.fromEntries(parseJsonObject(body, 'The request')), 'The request');
}

function fieldsOf(value: unknown, what: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const [key, property] of asObject(value, what)) {
    const text = asObject(property, `${what}, one of its fields,`).get('value') ?? '';
    if (typeof text !== 'string') throw new MalformedRequest(`${what} has a field whose value is not a string`);
    fields.set(key, text);
  }
  return fields;
}
