import { createHash } from 'node:crypto';

/** Every form in which a secret may turn up: plain, escaped, encoded. */
export function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return text.slice(offset === 0 ? 0 : 4, -2); // without the characters that depend on what stands beside it
  });
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
}

export function leaksIn(text: string, secrets: readonly string[]): readonly string[] {
  return secrets.flatMap(formsOf).filter((form) => text.includes(form));
}

/** Fails, without printing what it found, when a secret is in an output. */
export function assertNoLeak(outputs: Readonly<Record<string, string>>, secrets: readonly string[]): void {
  for (const [name, text] of Object.entries(outputs)) {
    const found = leaksIn(text, secrets).map((form) => createHash('sha256').update(form).digest('hex').slice(0, 12));
    expect({ output: name, leaks: found }).toEqual({ output: name, leaks: [] });
  }
}
