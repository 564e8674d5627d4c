import { GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { engineApi, lab } from '../lab/client';
import type { RegistryLogin, Stream } from '../lab/engine-api';
import type { LabScope } from '../lab/lab-client';
import { ecrClient } from './aws-client';
import { smallImage } from './small-image';

export async function login(scope: LabScope, region?: string): Promise<RegistryLogin> {
  const { authorizationData } = await ecrClient(scope, region).send(new GetAuthorizationTokenCommand({}));
  const [username = '', password = ''] = Buffer.from(authorizationData![0]!.authorizationToken!, 'base64')
    .toString()
    .split(':');
  return { username, password };
}

/** ECR Public's API has no client here: the lab looks at who signed, not at the signature. */
export async function publicLogin(scope: LabScope): Promise<RegistryLogin> {
  const answer = await fetch(lab().awsUrl, {
    method: 'POST',
    headers: {
      'x-amz-target': 'SpencerFrontendService.GetAuthorizationToken',
      'x-amz-date': new Date().toISOString().replace(/[-:]|\.\d+/g, ''),
      authorization: `AWS4-HMAC-SHA256 Credential=${scope.accessKeyId}/20260101/us-east-1/ecr-public/aws4_request`,
    },
    body: '{}',
  });
  const { authorizationData } = (await answer.json()) as { authorizationData: { authorizationToken: string } };
  const [username = '', password = ''] = Buffer.from(authorizationData.authorizationToken, 'base64')
    .toString()
    .split(':');
  return { username, password };
}

export async function push(scope: LabScope, repo: string, tag: string, auth?: RegistryLogin): Promise<Stream> {
  await engineApi().tag(await smallImage(scope.prefix), repo, tag);
  return engineApi().push(repo, tag, auth ?? (await login(scope)));
}

/** An error text, which differs from engine to engine */
export const refused = (text: RegExp) => expect.stringMatching(text) as unknown;
