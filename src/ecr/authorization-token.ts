import { Secret } from '../domain/secret';
import { StepError } from '../domain/errors';
import type { Mask } from '../pipeline/ports';

export interface BasicLogin {
  readonly username: string;
  readonly password: Secret;
}

/**
 * Decodes `base64("AWS:<password>")`. The token is, as it stands, also the value of a Basic header: both of its forms
 * are known to the mask before anybody can see them.
 */
export function readAuthorizationToken(token: string | undefined, mask: Mask): BasicLogin {
  if (token === undefined || token === '') throw unusable('without a token');
  mask.register('ECR authorization token', new Secret(token));
  const text = Buffer.from(token, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const password = text.slice(colon + 1);
  if (password !== '') mask.register('ECR password', new Secret(password));
  if (colon < 1 || password === '') throw unusable('with a token that is not user:password');
  return { username: text.slice(0, colon), password: new Secret(password) };
}

function unusable(how: string): StepError {
  return new StepError('AWS_ERROR', 'agent-aws', 'environment', `AWS answered ecr:GetAuthorizationToken ${how}`, {
    hint: 'If AWS_ENDPOINT_URL_ECR or AWS_ENDPOINT_URL is set, check what answers there',
  });
}
