import type { AwsCall } from './aws-call';
import type { Target } from './registry-errors';

/** What somebody may do, as IAM has it: whole actions, on all resources. */

/** AWS's documented policy for pushing an image (ECR user guide, "IAM permissions for pushing an image to Amazon ECR"). */
export const PUSH_POLICY: readonly string[] = [
  'ecr:GetAuthorizationToken',
  'ecr:BatchCheckLayerAvailability',
  'ecr:InitiateLayerUpload',
  'ecr:UploadLayerPart',
  'ecr:CompleteLayerUpload',
  'ecr:PutImage',
  'ecr:BatchGetImage',
];

/** Whoever has no policy may do everything. */
export class Policies {
  private readonly byHolder = new Map<string, ReadonlySet<string>>();

  /** The holder is an access key's id or a role's ARN. */
  set(holder: string, allowed: readonly string[]): void {
    this.byHolder.set(holder, new Set(allowed));
  }

  may(holder: string, action: string): boolean {
    return this.byHolder.get(holder)?.has(action) ?? true;
  }
}

/** Nobody needs a permission for these (STS API reference). */
const FREE = ['GetCallerIdentity', 'AssumeRoleWithWebIdentity'];

export function operationsNeeded({ operation, input }: AwsCall): string[] {
  if (FREE.includes(operation)) return [];
  const tags: unknown = operation === 'CreateRepository' ? input['tags'] : undefined;
  return Array.isArray(tags) && tags.length > 0 ? [operation, 'TagResource'] : [operation];
}

const UPLOAD: Readonly<Record<string, string>> = {
  POST: 'InitiateLayerUpload',
  PATCH: 'UploadLayerPart',
  PUT: 'CompleteLayerUpload',
};

/** Which of ECR's operations a request of the registry protocol is. */
export function registryOperation(method: string, { kind, reference }: Target): string | undefined {
  const isUpload = kind === 'blobs' && /^uploads(\/|$)/.test(reference);
  if (isUpload) return UPLOAD[method];
  if (kind === 'blobs') return method === 'HEAD' ? 'BatchCheckLayerAvailability' : 'GetDownloadUrlForLayer';
  if (kind === 'manifests') return method === 'PUT' ? 'PutImage' : 'BatchGetImage';
  return undefined;
}
