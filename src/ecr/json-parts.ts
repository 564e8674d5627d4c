/** JSON from outside, of which nothing is known until it is looked at. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function parseObject(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function objectAt(json: JsonObject | undefined, name: string): JsonObject | undefined {
  return asObject(json?.[name]);
}

/** The objects of a list; what is no object is left out. */
export function arrayAt(json: JsonObject | undefined, name: string): readonly JsonObject[] {
  const value = json?.[name];
  return Array.isArray(value) ? value.map(asObject).filter((each) => each !== undefined) : [];
}

export function textAt(json: JsonObject | undefined, name: string): string {
  const value = json?.[name];
  return typeof value === 'string' ? value : '';
}

export function textsAt(json: JsonObject | undefined, name: string): readonly string[] {
  const value = json?.[name];
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}
