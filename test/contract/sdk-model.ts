import * as model from '@aws-sdk/client-ecr';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

// The schemas that the SDK itself serialises by: [kind, namespace, name, traits, members, their schemas, how many of
// them, the first ones, are required]; a list has its member where a structure has names. Numbers are simple types.
type Shape = readonly [number, string, string, unknown, ...unknown[]];
type Schema = number | Shape | (() => Schema);
const [LIST, STRUCTURE, OPERATION] = [1, 3, 9];
const [TEXT, BOOLEAN, LIST_OF] = [0, 2, 64];

function schemaOf(name: string): Schema | undefined {
  return (model as unknown as Readonly<Record<string, Schema>>)[`${name}$`];
}

/** Schema of what an operation takes or gives; throws for an operation that ECR has not. */
export function shapeOf(operation: string, side: 'input' | 'output'): Schema {
  const schema = schemaOf(operation);
  if (!Array.isArray(schema) || schema[0] !== OPERATION) throw new TypeError(`ECR has no operation ${operation}`);
  return schema[side === 'input' ? 4 : 5] as Schema;
}

/** Whether the SDK knows an error by that name. */
export function knowsError(name: string): boolean {
  return schemaOf(name) !== undefined;
}

/** What of a JSON value does not fit the model, as paths with reasons; empty: all of it does. */
export function misfits(value: unknown, of: Schema, at = ''): readonly string[] {
  if (typeof of === 'function') return misfits(value, of(), at);
  if (typeof of === 'number') return simple(value, of, at);
  const [kind] = of;
  if (kind === LIST) return each(value, of[4] as Schema, at);
  return kind === STRUCTURE ? members(value, of, at) : [];
}

function members(value: unknown, schema: readonly unknown[], at: string): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at}: no structure`];
  const [names, schemas, required = 0] = schema.slice(4) as [readonly string[], readonly Schema[], number | undefined];
  const missing = names.slice(0, required).filter((name) => !(name in value));
  return [
    ...missing.map((name) => `${at}.${name}: missing`),
    ...Object.entries(value).flatMap(([name, member]) => {
      const index = names.indexOf(name);
      return index < 0 ? [`${at}.${name}: not in the model`] : misfits(member, schemas[index]!, `${at}.${name}`);
    }),
  ];
}

function each(value: unknown, schema: Schema, at: string): readonly string[] {
  if (!Array.isArray(value)) return [`${at}: no list`];
  return value.flatMap((member, index) => misfits(member, schema, `${at}[${index}]`));
}

function simple(value: unknown, schema: number, at: string): readonly string[] {
  if ((schema & LIST_OF) === LIST_OF) return each(value, schema & ~LIST_OF, at);
  const wanted = schema === TEXT ? 'string' : schema === BOOLEAN ? 'boolean' : 'number';
  return typeof value === wanted ? [] : [`${at}: no ${wanted}`];
}

/** The errors that AWS documents for an operation, as the SDK's types repeat them. */
export function documentedErrors(operation: string): readonly { readonly name: string; readonly fault: string }[] {
  const types = join(__dirname, '../../node_modules/@aws-sdk/client-ecr/dist-types/commands');
  const text = readFileSync(join(types, `${operation}Command.d.ts`), 'utf8');
  const found = [...text.matchAll(/@throws \{@link (\w+Exception)\} \((client|server) fault\)/g)];
  return found.map(([, name = '', fault = '']) => ({ name, fault }));
}
