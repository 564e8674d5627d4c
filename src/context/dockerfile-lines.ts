export interface Instruction {
  /** Upper case. */
  readonly name: string;
  /** What follows the name, continuation lines joined. */
  readonly rest: string;
  /** The line on which it begins, counted from 1. */
  readonly line: number;
}

// dockerfile reference, "Here-documents": only these take them.
const TAKES_HEREDOC = new Set(['RUN', 'COPY', 'ADD']);
// dockerfile reference, as of Dockerfile 1.x; another name means that we do not know this language.
const KNOWN = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);

/** The logical lines of a Dockerfile: comments out, continuations joined, heredocs skipped. */
export function instructionsOf(text: string): {
  readonly instructions: readonly Instruction[];
  readonly sure: boolean;
} {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const escape = escapeOf(lines);
  const instructions: Instruction[] = [];
  let sure = true;
  for (let at = 0; at < lines.length;) {
    const start = at;
    let joined = '';
    let open = true;
    while (open && at < lines.length) {
      const line = lines[at++] ?? '';
      if (/^\s*#/.test(line) || (joined !== '' && line.trim() === '')) continue; // both may stand inside a continuation
      open = endsWithEscape(line, escape);
      joined += open ? line.replace(/\S\s*$/, '') : line;
      if (joined.trim() === '' && !open) break;
    }
    const match = /^\s*([A-Za-z]+)(?:\s+([\s\S]*))?$/.exec(joined);
    if (match === null) {
      sure &&= joined.trim() === '';
      continue;
    }
    const instruction = { name: (match[1] ?? '').toUpperCase(), rest: (match[2] ?? '').trim(), line: start + 1 };
    sure &&= KNOWN.has(instruction.name);
    instructions.push(instruction);
    if (TAKES_HEREDOC.has(instruction.name)) at = skipHeredocs(lines, at, heredocsOf(instruction.rest));
  }
  return { instructions, sure };
}

function escapeOf(lines: readonly string[]): string {
  for (const line of lines) {
    const directive = /^\s*#\s*([A-Za-z]+)\s*=\s*(\S+)/.exec(line);
    if (directive === null) return '\\'; // directives stand before everything else
    if (directive[1]?.toLowerCase() === 'escape') return directive[2] === '`' ? '`' : '\\';
  }
  return '\\';
}

function endsWithEscape(line: string, escape: string): boolean {
  return line.trimEnd().endsWith(escape);
}

interface Heredoc {
  readonly word: string;
  readonly stripTabs: boolean;
}

/** The heredocs that an instruction opens: `<<EOF`, `<<-EOF`, `<<"EOF"`, not the shell's `<<<`. */
function heredocsOf(rest: string): readonly Heredoc[] {
  return [...rest.matchAll(/(?<!<)\d*<<(-?)(?!<)\s*(["']?)([A-Za-z_][A-Za-z0-9_.]*)\2/g)].map((match) => ({
    word: match[3] ?? '',
    stripTabs: match[1] === '-',
  }));
}

function skipHeredocs(lines: readonly string[], from: number, heredocs: readonly Heredoc[]): number {
  let at = from;
  for (const { word, stripTabs } of heredocs) {
    const end = lines.findIndex((line, index) => index >= at && (stripTabs ? line.replace(/^\t+/, '') : line) === word);
    if (end < 0) return at; // `<<` was something else, a shift perhaps: nothing is skipped
    at = end + 1;
  }
  return at;
}
