import type { Origin, Sourced } from '../domain/origin';
import type { RolePlan } from '../domain/plan';
import { Fault, type Parser } from './fault';
import type { FieldKey } from './fields';
import type { Reading, Value } from './reading';

const EXAMPLE = 'arn:aws:iam::123456789012:role/gocd-push';
// IAM: a path of at most 512 and a name of at most 64 characters; AWS names its partitions aws, aws-cn, aws-us-gov, aws-iso-b.
const ROLE = /^arn:aws(?:-[a-z]{1,8}){0,2}:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/;

export const parseRole: Parser<string> = (text) => {
  if (ROLE.test(text)) return text;
  if (text.includes(':assumed-role/'))
    return new Fault(`is a session of a role: write the ARN of the role itself, such as ${EXAMPLE}`);
  return new Fault(`is not the ARN of a role, such as ${EXAMPLE}`);
};

/** Of `role=` in a line, behind the line's name. */
export function roleFault(role: Value, reading: Reading): Fault | undefined {
  const parsed = parseRole(role.text);
  return parsed instanceof Fault
    ? new Fault(`has role=${reading.quote(role.text)}, which ${parsed.message}`)
    : undefined;
}

// AssumeRole of the STS API: ExternalId.
export const parseExternalId: Parser<string> = (text) =>
  /^[\w+=,.@:/-]{2,1224}$/.test(text)
    ? text
    : new Fault('is not an external id: 2 to 1224 letters, digits and `_+=,.@:/-`');

/** It is a section's name in AWS files. */
export const parseProfile: Parser<string> = (text) =>
  text.length > 128 || /[[\]]/.test(text)
    ? new Fault('is not the name of a profile: at most 128 characters, no square brackets')
    : text;

// AssumeRole of the STS API: RoleSessionName.
const LONGEST_SESSION = 64;

/** `gocd-<pipeline>-<counter>`, made legal; a long pipeline's name is cut, the counter stays. */
export function sessionName(pipeline: string, counter: string): string {
  const legal = (text: string): string => text.replace(/[^A-Za-z0-9_+=,.@-]/g, '-');
  const end = counter === '' ? '' : `-${legal(counter).slice(-20)}`;
  const begin = pipeline === '' ? 'gocd' : `gocd-${legal(pipeline)}`;
  return begin.slice(0, LONGEST_SESSION - end.length) + end;
}

/** Makes the plan of a role that a field names. */
export type MakeRole = (field: FieldKey, arn: string) => RolePlan;

/** `originOf`: where a field's text is from. */
export function roleMaker(
  externalId: string | undefined,
  job: ReadonlyMap<string, string>,
  originOf: (field: FieldKey) => Origin,
): MakeRole {
  const name = sessionName(job.get('GO_PIPELINE_NAME') ?? '', job.get('GO_PIPELINE_COUNTER') ?? '');
  return (field, value) => {
    const arn: Sourced<string> = { value, origin: originOf(field) };
    return { arn, externalId, sessionName: name };
  };
}
