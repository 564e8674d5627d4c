/** Who an ARN of IAM or STS is about: `111122223333 role gocd-push`. undefined: it is none of these. */
export function principalOf(arn: string): string | undefined {
  const [, , , account = '', ...rest] = arn.split(':').slice(1);
  const [kind = '', ...names] = rest.join(':').split('/');
  if (!/^\d{12}$/.test(account)) return undefined;
  switch (kind) {
    case 'root':
      return `${account} root user`;
    case 'assumed-role': // arn:aws:sts::111122223333:assumed-role/gocd-push/gocd-cart-42
      return `${account} role ${names[0] ?? ''}`;
    case 'role': // a path may go before the name
    case 'user':
    case 'federated-user':
      return `${account} ${kind.replace('-', ' ')} ${names.at(-1) ?? ''}`;
    default:
      return undefined;
  }
}
