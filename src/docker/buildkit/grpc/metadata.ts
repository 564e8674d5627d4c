import type { IncomingHttpHeaders } from 'node:http2';

/**
 * The headers of a call, each value as it was sent: Node joins those of one name with a comma that may be theirs too, and
 * reads as Latin-1 what BuildKit in 20.10 sends as plain UTF-8 (measured).
 */
export class Metadata {
  constructor(private readonly rawHeaders: readonly string[]) {}

  values(name: string): readonly string[] {
    const found: string[] = [];
    for (let index = 0; index + 1 < this.rawHeaders.length; index += 2) {
      if (this.rawHeaders[index] === name) found.push(utf8(this.rawHeaders[index + 1] ?? ''));
    }
    return found;
  }

  first(name: string): string | undefined {
    return this.values(name)[0];
  }
}

function utf8(value: string): string {
  return Buffer.from(value, 'latin1').toString('utf8');
}

/** A header of which only one value makes sense. */
export function headerText(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}
