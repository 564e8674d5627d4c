import { GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { engineApi } from '../lab/client';
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

export async function push(scope: LabScope, repo: string, tag: string, auth?: RegistryLogin): Promise<Stream> {
  await engineApi().tag(await smallImage(scope.prefix), repo, tag);
  return engineApi().push(repo, tag, auth ?? (await login(scope)));
}

/** An error text, which differs from engine to engine */
export const refused = (text: RegExp) => expect.stringMatching(text) as unknown;
