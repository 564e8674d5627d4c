import { Ajv, type ErrorObject } from 'ajv';
import type { Problem } from '../domain/errors';
import { fieldNamed, FIELDS } from './fields';
import { choiceFault, MINUTES_FAULT } from './grammar';
import { nearNames } from './near';
import { quote, type Quote } from './quote';
import { Reading } from './reading';
import { readTask } from './read-task';
import { taskSchema } from './schema';

/**
 * What is wrong with a task as it is stored, `{}` if nothing: one sentence a field. Pure: it runs on the server, where
 * whoever edits a pipeline must not reach files, variables or the network through it.
 */
export function validateFields(fields: ReadonlyMap<string, string>): Record<string, string> {
  const problems = schemaProblems(fields);
  const reading = new Reading(fields, { skip: new Set(problems.map(({ field }) => field)) });
  readTask(reading);
  const sentences = new Map<string, string>();
  for (const { field, message } of [...problems, ...reading.problems]) {
    const before = sentences.get(field);
    sentences.set(field, before === undefined ? message : `${before}; ${message}`);
  }
  return Object.fromEntries(sentences);
}

/** What the schema says: it judges texts as they are typed, so it holds before and after GoCD resolves its parameters. */
export function schemaProblems(fields: ReadonlyMap<string, string>, show: Quote = quote): Problem[] {
  const check = compiled();
  if (check(Object.fromEntries(fields))) return [];
  const found = new Map<string, Problem>();
  for (const error of check.errors ?? []) {
    const problem = problemOf(error, fields, show);
    if (problem && !found.has(problem.field)) found.set(problem.field, problem);
  }
  return [...found.values()];
}

let schemaCheck: ReturnType<Ajv['compile']> | undefined;

/** Compiled at the first use, which takes longer than all checks; that the schema is one is a test's business. */
function compiled(): ReturnType<Ajv['compile']> {
  return (schemaCheck ??= new Ajv({ allErrors: true, meta: false, validateSchema: false }).compile(taskSchema()));
}

function problemOf(error: ErrorObject, fields: ReadonlyMap<string, string>, show: Quote): Problem | undefined {
  const params = error.params as Readonly<Record<string, string | undefined>>;
  const key = params['missingProperty'] ?? params['additionalProperty'] ?? error.instancePath.slice(1);
  const message = sentence(error, key, show(fields.get(key)?.trim() ?? ''));
  return message === undefined ? undefined : { field: key, message };
}

function sentence({ keyword, schemaPath }: ErrorObject, key: string, shown: string): string | undefined {
  switch (keyword) {
    case 'additionalProperties':
      return unknownField(key);
    case 'required':
      return 'is required';
    case 'not':
      return 'holds {{SECRET:…}}, which GoCD resolves in environment variables only: put it in a variable and write ${NAME} here';
    case 'anyOf':
      return `${shown} ${valuesFault(key)}`;
    default:
      // The branches of an `anyOf` are told by the `anyOf` itself.
      return schemaPath.includes('/anyOf/') ? undefined : 'is required';
  }
}

function unknownField(key: string): string {
  const [near] = nearNames(
    key,
    FIELDS.map((field) => field.key),
  );
  return `is not a field of this task${near === undefined ? '' : `; did you mean ${near}?`}`;
}

function valuesFault(key: string): string {
  const field = fieldNamed(key);
  return field?.kind === 'number' ? MINUTES_FAULT : choiceFault(field?.choices ?? []);
}
