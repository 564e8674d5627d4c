/** Shows a value inside a message: in double quotes, harmless, cut, and without secrets. */
export type Quote = (value: string) => string;

// Control characters (C0, DEL, C1), the line separators, and what turns the direction of text.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const MOST = 100;
// What stands before the @ of a URL is a name and a password.
const USER_INFO = /(:\/\/)[^/\s]*@/g;

export const quote: Quote = quoteWithout([]);

export function quoteWithout(secrets: readonly string[]): Quote {
  return (value) => {
    // Redacted before it is cut: a cut secret would not be found any more.
    const letters = Array.from(redact(value, secrets).replace(USER_INFO, '$1****@').replace(UNSAFE, escapeLetter));
    return `"${letters.length > MOST ? `${letters.slice(0, MOST).join('')}…` : letters.join('')}"`;
  };
}

function escapeLetter(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Overlapping secrets become one `****`, so that no end of one sticks out. */
export function redact(text: string, secrets: readonly string[]): string {
  const hidden = secrets.flatMap((secret) => occurrences(text, secret)).sort((one, other) => one.from - other.from);
  let shown = '';
  let reached = 0;
  for (const { from, to } of hidden) {
    if (from >= reached) shown += `${text.slice(reached, from)}****`;
    reached = Math.max(reached, to);
  }
  return shown + text.slice(reached);
}

function occurrences(text: string, secret: string): { from: number; to: number }[] {
  const found = [];
  for (let from = text.indexOf(secret); from >= 0 && secret !== ''; from = text.indexOf(secret, from + 1)) {
    found.push({ from, to: from + secret.length });
  }
  return found;
}
