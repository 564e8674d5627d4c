// The form that GoCD shows, made from the table of the fields. GoCD runs it in AngularJS 1.0.8: no ===, no ternary, no
// ng-if; and its own regular expression makes GOINPUTNAME['Key'] of GOINPUTNAME[Key].

const LISTS = new Set(['tags', 'lines', 'pairs', 'json']);

/** Inline html of a text with `code` in backticks. */
function prose(text) {
  return escape(text).replace(/`([^`]+)`/g, (_, code) => {
    const long = code.length > 24 ? ' class="gocd-ecr-long"' : '';
    return `<code${long}>${code}</code>`;
  });
}

function escape(text) {
  if (text.includes('{{')) throw new Error(`AngularJS would take this for an expression: ${text}`);
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** The default where there is one; what is only an example says so, or it would look like a value. */
function placeholder({ default: value, kind, placeholder, required }) {
  const example = value === '' && (required || kind === 'pairs' || kind === 'lines' || kind === 'json');
  return `${example ? 'e.g. ' : ''}${placeholder}`;
}

const error = ({ key }) => `GOINPUTNAME[${key}].$error.server`;
/** The scope's id keeps ids apart when a task and its on-cancel task are both ours. */
const id = ({ key }, part = '') => `gocd-ecr-{{$id}}-${key}${part}`;
const any = (fields) => fields.map((field) => `!!${error(field)}`).join(' || ');

function control(field) {
  const attributes = [
    `id="${id(field)}"`,
    `class="gocd-ecr-input"`,
    `ng-model="${field.key}"`,
    `placeholder="${escape(placeholder(field))}"`,
    `aria-describedby="${id(field, '-help')} ${id(field, '-error')}"`,
    `aria-invalid="{{!!${error(field)}}}"`,
    'autocomplete="off" autocapitalize="off" spellcheck="false"',
  ];
  if (field.required) attributes.push('aria-required="true"');
  if (LISTS.has(field.kind)) return `<textarea rows="2" ${attributes.join(' ')}></textarea>`;
  if (field.suggestions.length === 0) return `<input type="text" ${attributes.join(' ')}>`;
  const choices = field.suggestions.map((value) => `<option value="${escape(value)}"></option>`).join('');
  return `<input type="text" list="${id(field, '-list')}" ${attributes.join(' ')}>
      <datalist id="${id(field, '-list')}">${choices}</datalist>`;
}

function note({ required, key, displayName }) {
  if (required) return '<span class="gocd-ecr-note">required</span>';
  return key === displayName ? '' : `<span class="gocd-ecr-note gocd-ecr-key">${key}</span>`;
}

function row(field, wide) {
  return `    <div class="gocd-ecr-field${wide ? ' gocd-ecr-wide' : ''}">
      <div class="gocd-ecr-head"><label class="gocd-ecr-label" for="${id(field)}">${escape(field.displayName)}</label>${note(field)}</div>
      ${control(field)}
      <span class="gocd-ecr-error" id="${id(field, '-error')}" ng-show="${error(field)}" style="display: none">{{${error(field)}}}</span>
      <p class="gocd-ecr-help" id="${id(field, '-help')}">${prose(field.help)}</p>
    </div>`;
}

/** One-line fields stand in pairs; one that has no partner, and every list, takes the whole width. */
function rows(fields) {
  const html = [];
  for (let at = 0; at < fields.length; at++) {
    const [field, next] = [fields[at], fields[at + 1]];
    const paired = !LISTS.has(field.kind) && next !== undefined && !LISTS.has(next.kind);
    html.push(row(field, !paired));
    if (paired) html.push(row(fields[++at], false));
  }
  return html.join('\n');
}

function group({ id: name, title }, fields) {
  const count = `0 + ${fields.map(({ key }) => `!!${key}`).join(' + ')}`;
  const wrong = `0 + ${fields.map((field) => `!!${error(field)}`).join(' + ')}`;
  const open = `gocdEcrOpen.${name} || ${any(fields)}`;
  return `  <div class="gocd-ecr-group">
    <button type="button" class="gocd-ecr-toggle" ng-click="gocdEcrOpen.${name} = !gocdEcrOpen.${name}" aria-expanded="{{!!(${open})}}" aria-controls="gocd-ecr-{{$id}}-group-${name}">
      <span class="gocd-ecr-title">${escape(title)}</span>
      <span class="gocd-ecr-wrong" ng-show="${any(fields)}" style="display: none">{{${wrong}}} to correct</span>
      <span class="gocd-ecr-some" ng-show="${count}" style="display: none">{{${count}}} of ${fields.length} set</span>
      <span class="gocd-ecr-count" ng-hide="${count}" style="display: none">${fields.length} optional</span>
    </button>
    <div class="gocd-ecr-body" id="gocd-ecr-{{$id}}-group-${name}" ng-show="${open}" style="display: none"><div class="gocd-ecr-fields">
${rows(fields)}
    </div></div>
  </div>`;
}

const INTRO =
  'Every field takes parameters (`#{name}`) and, RepositorySettings aside, variables (`${NAME}`). Grey text tells what a blank field means, or is an example.';

/** templates/task.html. */
export function formHtml(fields, groups, css) {
  const of = (name) => fields.filter((field) => field.group === name);
  const [main, ...others] = groups;
  return `<style>
${css.trim()}
</style>
<div class="gocd-ecr">
  <p class="gocd-ecr-intro">${prose(INTRO)}</p>
  <div class="gocd-ecr-fields">
${rows(of(main.id))}
  </div>
  <div class="gocd-ecr-groups">
${others.map((one) => group(one, of(one.id))).join('\n')}
  </div>
</div>
`;
}
