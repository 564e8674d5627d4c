import { FIELDS, type Field } from './fields';

/** JSON Schema (draft 7) of a task's fields: an object of texts, as GoCD stores them. */
export function taskSchema(): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'gocd-ecr-task',
    type: 'object',
    required: FIELDS.filter((field) => field.required).map((field) => field.key),
    additionalProperties: false,
    properties: Object.fromEntries(FIELDS.map((field) => [field.key, fieldSchema(field)])),
  };
}

/** GoCD resolves secrets in environment variables only: in a task the text would be taken as it stands. */
const NO_SECRET = { not: { pattern: '\\{\\{SECRET:' } };
// What holds a parameter or a variable can't be judged before it is resolved: it passes everywhere.
const RESOLVED_LATER = { pattern: '#\\{|\\$\\{' };
const BLANK = { pattern: '^\\s*$' };
const MINUTES = { pattern: '^\\s*0*[1-9][0-9]{0,4}\\s*$' };

function fieldSchema(field: Field): object {
  return {
    title: field.displayName,
    description: field.help,
    type: 'string',
    ...(field.default === '' ? {} : { default: field.default }),
    ...NO_SECRET,
    ...(field.required ? { pattern: '\\S' } : {}),
    ...valuesOf(field),
  };
}

function valuesOf(field: Field): object {
  switch (field.kind) {
    case 'boolean':
    case 'choice':
      return { anyOf: [...field.choices.map((choice) => ({ pattern: `^\\s*${choice}\\s*$` })), BLANK, RESOLVED_LATER] };
    case 'number':
      return { anyOf: [MINUTES, BLANK, RESOLVED_LATER] };
    case 'text':
    case 'json':
    case 'tags':
    case 'lines':
    case 'pairs':
    case 'switch-or-names':
      return {};
  }
}
