// A daemon's JSON is anybody's: each value is looked at before it is taken for what the documentation says it is.

/** undefined: it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text that says something. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

/** An error's text; anything can be thrown, and an error of another realm is no `instanceof Error`. */
export function messageOf(error: unknown): string {
  return isRecord(error) ? (textOf(error['message'])?.trimEnd() ?? 'unknown error') : String(error);
}
