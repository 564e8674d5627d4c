import { cleanPath, trimSpace } from './go-path';

/** One pattern with the line it stands on, for messages. */
export interface IgnoreLine {
  readonly pattern: string;
  readonly line: number;
}

/** The patterns of an ignore file, read as moby/patternmatcher's ignorefile.ReadAll does. */
export function parseIgnoreFile(text: string): readonly IgnoreLine[] {
  return text
    .replace(/^\ufeff/, '')
    .split('\n')
    .map((content, index) => ({ pattern: patternOf(content.replace(/\r$/, '')), line: index + 1 }))
    .filter(({ pattern }) => pattern !== '');
}

function patternOf(line: string): string {
  // A comment only at the very start: ` #x` names a file.
  if (line.startsWith('#')) return '';
  const pattern = trimSpace(line);
  return pattern.startsWith('!') ? `!${relativePath(trimSpace(pattern.slice(1)))}` : relativePath(pattern);
}

/** `/a` and `a` are the same file of the context. */
function relativePath(pattern: string): string {
  return pattern === '' ? '' : cleanPath(pattern).replace(/^\/(?=.)/s, '');
}
