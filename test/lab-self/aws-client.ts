import { ECRClient } from '@aws-sdk/client-ecr';
import { lab } from '../lab/client';
import type { LabScope } from '../lab/lab-client';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** The real SDK, pointed at the lab. One attempt: tests count calls. */
export function ecrClient(scope: LabScope, region = 'eu-west-1', maxAttempts = 1): ECRClient {
  const credentials = { accessKeyId: scope.accessKeyId, secretAccessKey: scope.secretAccessKey };
  return new ECRClient({ endpoint: lab().awsUrl, region, credentials, maxAttempts });
}
