import { createLogger as winstonLogger, format, transports, type Logger } from 'winston';

// Winston's own marks (triple-beam): the text that a transport writes, and what was logged beside the message.
const MESSAGE = Symbol.for('message');
const SPLAT = Symbol.for('splat');

type Info = Readonly<Record<string | symbol, unknown>>;

/** The host's own log: JSON lines, each masked as a whole. An error is its code and its message, never the object. */
export function createLogger(stream: NodeJS.WritableStream, redact: (text: string) => string): Logger {
  const line = format((info) => {
    info[MESSAGE] = escapeControls(redact(JSON.stringify(entryOf(info))));
    return info;
  });
  const logger = winstonLogger({ level: 'info', format: format.combine(format.timestamp(), line()) });
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- winston's types have an interface here
  return logger.add(new transports.Stream({ stream, eol: '\n' }));
}

/**
 * Winston copies an error's properties into the entry, and those of an HTTP library's error are headers and bodies
 * (security.md 5): of an error only the code is taken beside the message, and of other fields only what is no object.
 */
function entryOf(info: Info): Record<string, unknown> {
  const [beside] = (info[SPLAT] ?? []) as readonly unknown[];
  const error = [info, beside].find((value) => value instanceof Error);
  const { level, message, timestamp, ...fields } = info;
  const entry = { time: timestamp, level, message: textOf(message) };
  return { ...entry, ...plainFields(error === undefined ? fields : { code: codeOf(error) }) };
}

function plainFields(fields: Info): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => {
      if (value instanceof Error) return [[key, textOf(value)]];
      return ['string', 'number', 'boolean'].includes(typeof value) ? [[key, value]] : [];
    }),
  );
}

function textOf(value: unknown): string {
  if (value instanceof Error) return [codeOf(value), value.message].filter((part) => part !== undefined).join(': ');
  return typeof value === 'string' ? value : `(${typeof value})`;
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** JSON leaves some characters as they are that break a line, move a cursor or turn text round. */
function escapeControls(json: string): string {
  return json.replace(
    /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
