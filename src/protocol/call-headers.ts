import { MalformedRequest } from './malformed-request';

const SETTING = 'gocd-ecr-setting';
const SECURE = 'gocd-ecr-secure';

export interface CallHeaders {
  readonly serverProperties: ReadonlyMap<string, string>;
  readonly secureNames: ReadonlySet<string>;
}

/** From Node's raw headers (name, value, name, …): its own map joins repeated ones with a comma, which values may hold. */
export function parseCallHeaders(rawHeaders: readonly string[]): CallHeaders {
  const serverProperties = new Map<string, string>();
  const secureNames = new Set<string>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase();
    const value = rawHeaders[at + 1] ?? '';
    if (name === SECURE) secureNames.add(decode(value));
    if (name === SETTING) {
      const equals = value.indexOf('=');
      if (equals < 1) throw new MalformedRequest('A GoCD-ECR-Setting header is not key=value');
      serverProperties.set(decode(value.slice(0, equals)), decode(value.slice(equals + 1)));
    }
  }
  return { serverProperties, secureNames };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new MalformedRequest('A GoCD-ECR header is not URL-encoded');
  }
}
