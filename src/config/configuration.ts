import { FIELDS } from './fields';

/**
 * GoCD's `configuration` reply. Every default is `""`: GoCD puts it in a blank field's place before we see the field,
 * and then nobody could tell a choice from a default.
 */
export function configurationReply(): string {
  const rows = FIELDS.map((field, index) => [
    field.key,
    {
      'display-name': field.displayName,
      'display-order': String(index),
      'default-value': '',
      required: field.required,
      secure: false,
    },
  ]);
  return JSON.stringify(Object.fromEntries(rows));
}
