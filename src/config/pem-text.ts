/** Variables and JSON written by hand often hold the two letters `\n` where a line ends. */
export function plainPem(text: string): string {
  const lines = text.includes('\n') ? text : text.replaceAll('\\n', '\n');
  return `${lines.replaceAll('\r\n', '\n').trim()}\n`;
}

/** A sentence that quotes nothing of it; undefined: it looks like such PEM. What is in it is looked at when it is used. */
export function pemFault(kind: 'CERTIFICATE' | 'PRIVATE KEY', text: string): string | undefined {
  const begin =
    kind === 'CERTIFICATE' ? /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/ : /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
  if (!begin.test(text)) return `holds no ${kind.toLowerCase()} in PEM, which begins with -----BEGIN ${kind}-----`;
  if (kind === 'PRIVATE KEY' && /ENCRYPTED/.test(text))
    return 'holds a private key with a passphrase, and nobody is there to type it: use one without';
  return undefined;
}
