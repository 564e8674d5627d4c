import { denialHint, readDenial } from '../../../src/ecr/denial';

const ARN = 'arn:aws:ecr:eu-west-1:111122223333:repository/team/app';
const USER = 'User: arn:aws:sts::111122223333:assumed-role/gocd/x is not authorized to perform: ecr:PutImage';
const call = { action: 'ecr:PutImage', resource: 'arn:aws:ecr:eu-west-1:*:repository/team/app' };
const STATEMENT = `{"Effect":"Allow","Action":"ecr:PutImage","Resource":"${ARN}"}`;
const hint = (words: string): string => denialHint(readDenial(words, call));

describe('readDenial', () => {
  it('takes action and resource of the words of AWS, which know the account', () => {
    const words = `User: x is not authorized to perform: ecr:TagResource on resource: ${ARN} because no identity-based policy allows the ecr:TagResource action`;
    expect(readDenial(words, call)).toEqual({
      action: 'ecr:TagResource',
      resource: ARN,
      by: 'identity-based policy',
      explicit: false,
    });
  });

  it.each(['no', '', 'is not authorized to perform: iam:Nonsense on resource: something'])(
    'takes those of the call where the words are others: %p',
    (words) => {
      expect(readDenial(words, call)).toEqual({ ...call, by: undefined, explicit: false });
    },
  );

  it('leaves * what has no resource', () => {
    expect(readDenial(`${USER} on resource: ${ARN}`, { ...call, resource: '*' }).resource).toBe('*');
  });
});

describe('denialHint', () => {
  it.each([
    [
      `on resource: ${ARN} because no identity-based policy allows the ecr:PutImage action`,
      `Add to its IAM policy: ${STATEMENT}; in another account's registry the repository's policy must allow it too`,
    ],
    [
      `on resource: ${ARN}`,
      `Add to its IAM policy: ${STATEMENT}; in another account's registry the repository's policy must allow it too`,
    ],
    [
      `on resource: ${ARN} because no resource-based policy allows the ecr:PutImage action`,
      "The repository's own policy must allow ecr:PutImage to this identity (Repository, Permissions in the console of its account)",
    ],
    [
      `on resource: ${ARN} because no permissions boundary allows the ecr:PutImage action`,
      `Its IAM policy is not all: a permissions boundary must allow it too. Add there: ${STATEMENT}`,
    ],
    [
      `on resource: ${ARN} because no service control policy allows the ecr:PutImage action`,
      `Its IAM policy is not all: a service control policy must allow it too. Add there: ${STATEMENT}`,
    ],
    [
      `on resource: ${ARN} because no VPC endpoint policy allows the ecr:PutImage action`,
      `The policy of the VPC endpoint that is used must allow ecr:PutImage on ${ARN}`,
    ],
    [
      `on resource: ${ARN} with an explicit deny in a service control policy`,
      'A Deny in a service control policy forbids it, and no Allow elsewhere helps: exempt ecr:PutImage there',
    ],
    [
      `on resource: ${ARN} with an explicit deny in an identity-based policy`,
      'A Deny in an identity-based policy forbids it, and no Allow elsewhere helps: exempt ecr:PutImage there',
    ],
    [
      `on resource: ${ARN} with an explicit deny in a permissions boundary`,
      'A Deny in a permissions boundary forbids it, and no Allow elsewhere helps: exempt ecr:PutImage there',
    ],
  ])('%s', (words, told) => {
    expect(hint(`${USER} ${words}`)).toBe(told);
  });
});
