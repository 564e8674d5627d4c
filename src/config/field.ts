/**
 * How a field's text is read: `tags` is split at lines and commas, `lines` and `pairs` at lines (`pairs` then at the
 * first `=`), `switch-or-names` is `true`, `false` or split as `tags` are, `json` is one value of any number of lines in which no variable is expanded, the others are one value.
 */
export type FieldKind =
  'text' | 'tags' | 'lines' | 'pairs' | 'boolean' | 'choice' | 'number' | 'switch-or-names' | 'json';

/** Where the form shows a field: `main` is its first screen, the others are closed groups below it. */
export type GroupId = 'main' | 'push' | 'build' | 'buildkit' | 'registries' | 'daemon' | 'aws' | 'repository' | 'run';

/** A group of the form and of the README's table. */
export interface Group {
  readonly id: GroupId;
  readonly title: string;
}

/** One field of the task: all that the form, the schema, the `configuration` reply and the README say about it. */
export interface FieldRow<K extends string = string> {
  /** A plain JS identifier: AngularJS makes nested objects of anything else. */
  readonly key: K;
  readonly displayName: string;
  readonly kind: FieldKind;
  readonly group: GroupId;
  /** Only `Repository`; GoCD does not enforce it, we do. */
  readonly required: boolean;
  /** What a blank field means, applied by us; `''` where there is none or where it depends on something else. */
  readonly default: string;
  /** Shown in the empty input: the default where there is one, else an example or what blank means. */
  readonly placeholder: string;
  /** The legal values of a `choice` or a `boolean`; `[]` for the others. */
  readonly choices: readonly string[];
  /** What the text input suggests: the choices, else a few likely values. Never more than a suggestion. */
  readonly suggestions: readonly string[];
  /** One sentence. */
  readonly help: string;
}

type Text = Pick<FieldRow, 'placeholder' | 'help'> &
  Partial<Pick<FieldRow, 'required' | 'default' | 'choices' | 'suggestions'>>;

/** A row of the table: what is not said is blank, and the choices are what is suggested. */
export function field<K extends string>(
  key: K,
  displayName: string,
  kind: FieldKind,
  group: GroupId,
  text: Text,
): FieldRow<K> {
  const choices = text.choices ?? [];
  return { key, displayName, kind, group, required: false, default: '', choices, suggestions: choices, ...text };
}
