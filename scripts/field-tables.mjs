// The fields as Markdown: short for the README, whole for docs/fields.md.

const READ_AS = {
  text: 'one value',
  number: 'a whole number',
  tags: 'a list, split at lines and commas',
  lines: 'a list, one per line',
  pairs: '`KEY=VALUE`, one per line',
  json: 'JSON, or `@file`',
  'switch-or-names': '`true`, `false`, or a list, split at lines and commas',
};

/** Markdown ends a cell at each bar, even in code, and takes <Context> for html. */
const cell = (text) => text.replaceAll('|', '\\|').replace(/`[^`]*`|</g, (part) => (part === '<' ? '&lt;' : part));

function blank({ default: value, kind, placeholder, required }) {
  if (required) return 'required';
  if (value !== '') return `\`${value}\``;
  return kind === 'pairs' || kind === 'lines' || kind === 'json' ? '' : placeholder;
}

const readAs = ({ kind, choices }) => READ_AS[kind] ?? choices.map((choice) => `\`${choice}\``).join(', ');

function table(head, rows) {
  const lines = [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

function sections(fields, groups, head, cells) {
  return groups.map(({ id, title }) => {
    const rows = fields.filter((field) => field.group === id).map(cells);
    return { title, table: table(head, rows) };
  });
}

/** What stands between the marks of README.md. */
export function readmeFields(fields, groups) {
  const cells = (field) => [`\`${field.key}\``, blank(field), field.help];
  const parts = sections(fields, groups, ['field', 'when blank', 'meaning'], cells);
  return parts.map((part) => `**${part.title}**\n\n${part.table}\n`).join('\n');
}

/** What stands between the marks of docs/fields.md. */
export function pageFields(fields, groups) {
  const cells = (field) => [`\`${field.key}\``, field.displayName, readAs(field), blank(field), field.help];
  const parts = sections(fields, groups, ['field', 'in the form', 'holds', 'when blank', 'meaning'], cells);
  return parts.map((part) => `### ${part.title}\n\n${part.table}\n`).join('\n');
}
