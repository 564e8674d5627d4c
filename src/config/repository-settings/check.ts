import { Ajv, type ErrorObject } from 'ajv';
import { nearNames } from '../near';
import type { Quote } from '../quote';
import { SETTINGS, SETTINGS_SCHEMA } from './schema';

/** What is wrong with the settings by the schema: sentences that begin with the path of the member. */
export function schemaFaults(json: object, quote: Quote): string[] {
  const check = compiled();
  if (check(json)) return [];
  return (check.errors ?? []).flatMap((error) => sentence(error, quote) ?? []);
}

let schemaCheck: ReturnType<Ajv['compile']> | undefined;

/** Compiled at the first use: most tasks have no such field. */
function compiled(): ReturnType<Ajv['compile']> {
  const options = { allErrors: true, verbose: true, meta: false, validateSchema: false };
  return (schemaCheck ??= new Ajv(options).compile(SETTINGS_SCHEMA));
}

const TYPES: ReadonlyMap<unknown, string> = new Map([
  ['boolean', 'true or false'],
  ['string', 'a text'],
  ['object', 'a JSON object'],
  ['array', 'a list of texts'],
]);

function sentence(error: ErrorObject, quote: Quote): string | undefined {
  const params = error.params as Readonly<Record<string, unknown>>;
  const path = memberOf(error.instancePath);
  switch (error.keyword) {
    case 'type':
      return `${path} is not ${TYPES.get(params['type']) ?? ''}`;
    case 'enum': {
      const shown = typeof error.data === 'string' ? ` ${quote(error.data)}` : '';
      return `${path}${shown} is not one of ${(params['allowedValues'] as string[]).join(', ')}`;
    }
    case 'required':
      return `${path} has no type: AES256, KMS or KMS_DSSE`;
    case 'maxItems':
      return `${path} has more than 5 filters, the most that ECR takes`;
    case 'maxProperties':
      return `${path} has more than 50, the most that AWS takes`;
    case 'additionalProperties':
      return unknownSetting(path, String(params['additionalProperty']), quote);
    case 'pattern':
      return patternFault(path, error, quote);
    default:
      return undefined; // `propertyNames` is told by the pattern in it
  }
}

function patternFault(path: string, { propertyName, data }: ErrorObject, quote: Quote): string {
  const shown = quote(String(propertyName ?? data));
  const letters = 'letters, digits, blanks and `_.:/=+-@`';
  if (propertyName !== undefined)
    return `tags has ${shown}, which is not the key of a tag: 1 to 128 ${letters}, not beginning with aws:`;
  if (path.startsWith('tags')) return `${path} ${shown} is not the value of a tag: at most 256 ${letters}`;
  if (path === 'encryption.kmsKey') return `${path} ${shown} is not the id, the alias or the ARN of a key`;
  return `${path} ${shown} is not a filter: 1 to 128 letters, digits and \`._-\`, with \`*\` for any of them`;
}

// As the AWS CLI, Terraform and CloudFormation name them.
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['imageScanningConfiguration', 'scanOnPush'],
  ['encryptionConfiguration', 'encryption'],
  ['encryptionType', 'type'],
  ['lifecyclePolicyText', 'lifecyclePolicy'],
  ['policyText', 'repositoryPolicy'],
  ['repositoryPolicyText', 'repositoryPolicy'],
]);

function unknownSetting(path: string, name: string, quote: Quote): string {
  const known = path === '' ? SETTINGS : ['type', 'kmsKey'];
  const other = OTHER_NAMES.get(name) ?? '';
  const near = known.includes(other) ? other : nearNames(name, known)[0];
  const advice = near === undefined ? `there are ${known.join(', ')}` : `did you mean ${near}?`;
  return `${path === '' ? 'has' : `${path} has`} ${quote(name)}, which is not a setting; ${advice}`;
}

/** `/tags/cost~1center` is `tags.cost/center`, `/…Filters/0` is `…Filters[0]`. */
function memberOf(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce(
      (path, part) =>
        path === '' ? part : /^\d+$/.test(part) && !path.startsWith('tags') ? `${path}[${part}]` : `${path}.${part}`,
      '',
    );
}
