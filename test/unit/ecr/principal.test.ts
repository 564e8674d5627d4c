import { principalOf } from '../../../src/ecr/principal';

describe('principalOf', () => {
  it.each([
    ['arn:aws:iam::111122223333:role/gocd-push', '111122223333 role gocd-push'],
    ['arn:aws:iam::111122223333:role/ci/team/gocd-push', '111122223333 role gocd-push'],
    ['arn:aws:sts::111122223333:assumed-role/gocd-push/gocd-cart-42', '111122223333 role gocd-push'],
    ['arn:aws-cn:sts::111122223333:assumed-role/gocd-push/i-0a1b', '111122223333 role gocd-push'],
    ['arn:aws:iam::111122223333:user/ci', '111122223333 user ci'],
    ['arn:aws:iam::111122223333:user/division/ci', '111122223333 user ci'],
    ['arn:aws:sts::111122223333:federated-user/bob', '111122223333 federated user bob'],
    ['arn:aws:iam::111122223333:root', '111122223333 root user'],
  ])('%s', (arn, principal) => {
    expect(principalOf(arn)).toBe(principal);
  });

  it.each(['', 'x', 'arn:aws:iam::role/x', 'arn:aws:s3:::bucket', 'arn:aws:iam::111122223333:group/x'])(
    '%p names nobody',
    (arn) => {
      expect(principalOf(arn)).toBeUndefined();
    },
  );
});
