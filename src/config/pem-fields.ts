import { Fault, type Parser } from './fault';

/** The fields that name variables of the job which hold PEM. */
export const PEM_FIELDS = ['TlsCa', 'TlsCert', 'TlsKey'] as const;
export type PemField = (typeof PEM_FIELDS)[number];

export const parseVariableName: Parser<string> = (text) =>
  /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(text)
    ? text
    : new Fault('is not the name of a variable: letters, digits, `_`, `.` and `-`');
