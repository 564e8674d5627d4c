import { Fault, type Parser } from '../fault';
import { isAbsolute, parsePath } from '../path-text';
import type { Reading } from '../reading';
import { parseRepositorySettings, type ParsedSettings } from './parse';

/** What field RepositorySettings holds: JSON, or the name of a file with it. */
export type SettingsField =
  | { readonly kind: 'inline'; readonly text: string; readonly parsed: ParsedSettings }
  /** Relative to the job's folder. */
  | { readonly kind: 'file'; readonly path: string };

const FIELD = 'RepositorySettings';

/** undefined: blank, not known yet, or wrong (and then said). */
export function readSettingsField(reading: Reading): SettingsField | undefined {
  const text = reading.literal(FIELD);
  if (text === undefined) return undefined;
  if (text.startsWith('@')) return fileOf(text, reading);
  if (!text.startsWith('{')) {
    const why = 'is neither a JSON object nor @file; variables are not expanded here';
    reading.problem(FIELD, `${reading.quote(text)} ${why}`);
    return undefined;
  }
  const parsed = parseRepositorySettings(text, reading.quote);
  if ('settings' in parsed) return { kind: 'inline', text, parsed };
  for (const message of parsed) reading.problem(FIELD, message);
  return undefined;
}

function fileOf(text: string, reading: Reading): SettingsField | undefined {
  const path = parseFileName(text.slice(1).trim());
  if (!(path instanceof Fault)) return { kind: 'file', path };
  reading.problem(FIELD, `${reading.quote(text)} ${path.message}`);
  return undefined;
}

const parseFileName: Parser<string> = (text) => {
  if (text === '') return new Fault('names no file behind its @');
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text)) return new Fault('holds a control character');
  if (isAbsolute(text)) return new Fault("is absolute: the file lies inside the job's working directory");
  return parsePath(text);
};

/** The file that has to be read before a plan is made, relative to the job's folder; undefined: none. */
export function settingsFileIn(fields: ReadonlyMap<string, string>): string | undefined {
  const text = fields.get(FIELD)?.trim() ?? '';
  const path = text.startsWith('@') ? parseFileName(text.slice(1).trim()) : undefined;
  return path instanceof Fault ? undefined : path;
}
