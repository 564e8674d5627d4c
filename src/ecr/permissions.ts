import { partitionOf } from '../domain/partition';

/** One call to AWS, as IAM sees it. */
export interface AwsAction {
  /** `ecr:BatchGetImage` */
  readonly action: string;
  /** ARN, or `*` where the action knows no resources. */
  readonly resource: string;
}

/** The statement that a policy lacks, as it is pasted. */
export function policyStatement(call: AwsAction): string {
  return JSON.stringify({ Effect: 'Allow', Action: call.action, Resource: call.resource });
}

/** `*` as account where nobody has named one yet: a policy takes it. */
export function repositoryArn(region: string, account: string | undefined, path: string): string {
  return `arn:${partitionOf(region)}:ecr:${region}:${account ?? '*'}:repository/${path}`;
}
