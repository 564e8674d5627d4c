/** Shorter values are no secrets worth the name, and would blacken half of every log. */
export const SHORTEST = 6;

/** One way in which a secret can be written. */
export interface Form {
  readonly text: string;
  /** Base64 from the middle of something: its neighbours hold some bits of the secret, and go with it. */
  readonly edges: boolean;
}

/** Every form of security.md 20 of a value: itself, its lines, escaped, encoded. */
export function formsOf(value: string): readonly Form[] {
  const texts = new Set<string>();
  const cores = new Set<string>();
  for (const plain of plainForms(value)) {
    const escaped = jsonForms(plain);
    for (const text of [plain, ...escaped, ...escaped.flatMap(jsonForms), ...urlForms(plain), ...hexForms(plain)]) {
      texts.add(text);
    }
    // `AWS:token` is what docker and ECR make of a registry's login; a JSON of it is X-Registry-Auth.
    for (const text of [plain, `AWS:${plain}`, ...escaped]) for (const core of base64Cores(text)) cores.add(core);
  }
  return [
    ...[...texts].map((text) => ({ text, edges: false })),
    ...[...cores].map((text) => ({ text, edges: true })),
  ].filter((form) => form.text.length >= SHORTEST);
}

/** A value, and each of its lines: a key that is printed comes line by line. */
function plainForms(value: string): readonly string[] {
  const lines = value.split(/\r\n|\r|\n/).map((line) => line.trim());
  return [...new Set([value, value.trim(), ...lines])].filter((text) => text.trim().length >= SHORTEST);
}

/** As JavaScript, Go (HTML-safe), Python (ASCII only) and PHP (escaped slashes) write a string in JSON. */
function jsonForms(text: string): string[] {
  const plain = JSON.stringify(text).slice(1, -1);
  const html = plain.replace(/[<>&\u2028\u2029]/g, unicodeEscape);
  const goBefore122 = html.replaceAll('\\b', '\\u0008').replaceAll('\\f', '\\u000c');
  const ascii = plain.replace(/[^\x20-\x7e]/g, unicodeEscape);
  return [...new Set([plain, html, goBefore122, ascii, ascii.replaceAll('/', '\\/'), plain.replaceAll('/', '\\/')])];
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

// What encoders leave alone besides letters and digits: RFC 3986 and Go's QueryEscape, JavaScript's encodeURIComponent,
// Python's quote, Java's URLEncoder, JavaScript's encodeURI, and nothing.
const UNESCAPED = ['-._~', "-._~!'()*", '-._~/', '-._*', "-._~!'()*;/?:@&=+$,#", '-_.'];
// As patterns of what they escape: a long secret is mostly letters and digits, which are passed over at once.
const ESCAPED = UNESCAPED.map((safe) => new RegExp(`[^A-Za-z0-9${safe.replace(/[\\\]^-]/g, '\\$&')}]`, 'g'));

function urlForms(text: string): string[] {
  const bytes = Buffer.from(text).toString('latin1');
  const forms = new Set<string>();
  for (const escaped of ESCAPED) {
    for (const space of ['%20', '+']) {
      forms.add(bytes.replace(escaped, (byte) => percent(byte, space)));
      forms.add(bytes.replace(escaped, (byte) => percent(byte, space).toUpperCase()));
    }
  }
  return [...forms];
}

function percent(byte: string, space: string): string {
  return byte === ' ' ? space : `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

function hexForms(text: string): string[] {
  const hex = Buffer.from(text).toString('hex');
  return [hex, hex.toUpperCase()];
}

/**
 * What base64 makes of the value wherever it stands in a longer text: 0, 1 or 2 bytes past a group of three. Only the
 * characters that hold nothing but the value's own bits; so padding does not matter.
 */
function base64Cores(text: string): string[] {
  const cores: string[] = [];
  for (const offset of [0, 1, 2]) {
    const data = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]);
    const first = Math.ceil((offset * 8) / 6);
    const end = Math.floor((data.length * 8) / 6);
    cores.push(data.toString('base64').slice(first, end), data.toString('base64url').slice(first, end));
  }
  return cores;
}
