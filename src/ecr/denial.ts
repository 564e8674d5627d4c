import type { AwsAction } from './permissions';
import { policyStatement } from './permissions';

/** What AWS's words tell of a denial beyond the call itself: hints are made of it, no decision is. */
export interface Denial extends AwsAction {
  /** `a service control policy`: what denies or does not allow it. undefined: the words do not say. */
  readonly by: string | undefined;
  /** A Deny is written there: no Allow elsewhere helps. */
  readonly explicit: boolean;
}

// "User: <arn> is not authorized to perform: <action> on resource: <arn> with an explicit deny in <a service control
// policy>" or "… because no <identity-based policy> allows the <action> action" (IAM user guide, "Troubleshoot access
// denied error messages").
const ACTION = /is not authorized to perform: ((?:ecr|ecr-public|sts|kms|s3):\w+)/;
const RESOURCE = /on resource: (arn:[\w:*./+=,@-]+)/;
const EXPLICIT = /with an explicit deny in (?:an? )?([\w -]+?(?:policy|boundary))/;
const LACKING = /because no ([\w -]+?(?:policy|boundary)) allows/;

export function readDenial(words: string, call: AwsAction): Denial {
  const action = ACTION.exec(words)?.[1] ?? call.action;
  const resource = RESOURCE.exec(words)?.[1];
  const explicit = EXPLICIT.exec(words)?.[1];
  return {
    action,
    // An action that knows no resources is written with `*`, whatever AWS's words name.
    resource: call.resource === '*' ? '*' : (resource ?? call.resource),
    by: explicit ?? LACKING.exec(words)?.[1],
    explicit: explicit !== undefined,
  };
}

/** What to change, and where. */
export function denialHint(denial: Denial): string {
  const { action, resource, by, explicit } = denial;
  if (by === undefined) return `Add to its IAM policy: ${policyStatement(denial)}${elsewhere(denial)}`;
  if (explicit) return `A Deny in ${withArticle(by)} forbids it, and no Allow elsewhere helps: exempt ${action} there`;
  switch (by) {
    case 'identity-based policy':
      return `Add to its IAM policy: ${policyStatement(denial)}${elsewhere(denial)}`;
    case 'resource-based policy':
      return `The repository's own policy must allow ${action} to this identity (Repository, Permissions in the console of its account)`;
    case 'VPC endpoint policy':
      return `The policy of the VPC endpoint that is used must allow ${action} on ${resource}`;
    default:
      return `Its IAM policy is not all: ${withArticle(by)} must allow it too. Add there: ${policyStatement(denial)}`;
  }
}

function elsewhere({ action, resource }: Denial): string {
  return resource === '*' || !action.startsWith('ecr:')
    ? ''
    : "; in another account's registry the repository's policy must allow it too";
}

function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}
