import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a real daemon sent, as it came: `build-20.10`, `push-29`. */
export function recorded(name: string): Buffer {
  return readFileSync(join(__dirname, 'recorded', `${name}.ndjson`));
}
