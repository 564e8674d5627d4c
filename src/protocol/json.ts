import { MalformedRequest } from './malformed-request';

/** security.md 6. GoCD's own bodies are 4 deep. */
export const MAX_JSON_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A JSON object by its keys. A Map: `__proto__` and `constructor` are names like others. */
export function parseJsonObject(text: string, what: string): ReadonlyMap<string, unknown> {
  refuseDepth(text, what);
  return asObject(parse(text, what), what);
}

export function asObject(value: unknown, what: string): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MalformedRequest(`${what} is not a JSON object`);
  }
  return new Map<string, unknown>(Object.entries(value));
}

/** An object whose values are strings. GoCD leaves out what is null, so a null is as good as a key that is not there. */
export function asStringMap(value: unknown, what: string): ReadonlyMap<string, string> {
  const strings = new Map<string, string>();
  for (const [name, text] of asObject(value, what)) {
    if (text === null) continue;
    if (typeof text !== 'string') throw new MalformedRequest(`${what} has a value that is not a string`);
    strings.set(name, text);
  }
  return strings;
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text around the fault.
    throw new MalformedRequest(`${what} is not JSON`);
  }
}

/** Before the parser runs, which keeps the whole nesting in memory. */
function refuseDepth(text: string, what: string): void {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) {
      inString = true;
    } else if (isOpening(code)) {
      if (++depth > MAX_JSON_DEPTH) throw new MalformedRequest(`${what} is nested more than ${MAX_JSON_DEPTH} deep`);
    } else if (isClosing(code)) {
      depth--;
    }
  }
}

function isOpening(code: number): boolean {
  return code === 0x5b || code === 0x7b;
}

function isClosing(code: number): boolean {
  return code === 0x5d || code === 0x7d;
}
