export interface Instruction {
  /** Upper case. */
  readonly name: string;
  /** What follows the name, continuation lines joined. */
  readonly rest: string;
  /** The line on which it begins, counted from 1. */
  readonly line: number;
}

// dockerfile reference, "Here-documents": only these take them, also behind ONBUILD.
const TAKES_HEREDOC = new Set(['RUN', 'COPY', 'ADD']);
// dockerfile reference, as of Dockerfile 1.x; another name means that we do not know this language.
const KNOWN = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);

// dockerfile reference, "Parser directives".
const DIRECTIVES = new Set(['escape', 'syntax', 'check']);

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
    const { joined, line, next } = readLogicalLine(lines, at, escape);
    at = next;
    const match = /^\s*([A-Za-z]+)(?:\s+([\s\S]*))?$/.exec(joined);
    if (match === null) {
      sure &&= joined.trim() === '';
      continue;
    }
    const instruction = { name: (match[1] ?? '').toUpperCase(), rest: (match[2] ?? '').trim(), line };
    sure &&= KNOWN.has(instruction.name);
    instructions.push(instruction);
    if (takesHeredoc(instruction)) at = skipHeredocs(lines, at, heredocsOf(instruction.rest));
  }
  return { instructions, sure };
}

interface LogicalLine {
  readonly joined: string;
  /** Where it begins, counted from 1. */
  readonly line: number;
  /** Index of the line after it. */
  readonly next: number;
}

function readLogicalLine(lines: readonly string[], from: number, escape: string): LogicalLine {
  let joined = '';
  let begun: number | undefined;
  for (let at = from; at < lines.length; at++) {
    const line = lines[at] ?? '';
    // Comments and empty lines may stand between instructions, and inside a continuation too.
    if (/^\s*(#|$)/.test(line)) continue;
    begun ??= at + 1;
    const open = endsWithEscape(line, escape);
    joined += open ? line.replace(/\S\s*$/, '') : line;
    if (!open) return { joined, line: begun, next: at + 1 };
  }
  return { joined, line: begun ?? lines.length, next: lines.length };
}

function escapeOf(lines: readonly string[]): string {
  for (const line of lines) {
    const directive = /^\s*#\s*([A-Za-z]+)\s*=\s*(\S+)/.exec(line);
    const name = directive?.[1]?.toLowerCase() ?? '';
    if (!DIRECTIVES.has(name)) return '\\'; // directives stand before everything else, other comments too
    if (name === 'escape') return directive?.[2] === '`' ? '`' : '\\';
  }
  return '\\';
}

/** An escaped escape joins no line to the next: so BuildKit's parser has it today, while 20.10's looks at the last one only. */
function endsWithEscape(line: string, escape: string): boolean {
  const end = line.replace(/[ \t]+$/, '');
  return end.endsWith(escape) && !end.endsWith(escape + escape);
}

function takesHeredoc({ name, rest }: Instruction): boolean {
  return TAKES_HEREDOC.has(name === 'ONBUILD' ? (/^[A-Za-z]*/.exec(rest)?.[0] ?? '').toUpperCase() : name);
}

interface Heredoc {
  readonly word: string;
  readonly stripTabs: boolean;
}

/** The heredocs that an instruction opens, each a word of its own: `<<EOF`, `<<- EOF`, `3<<"EOF"`, not `<<<` nor `x<<N`. */
function heredocsOf(rest: string): readonly Heredoc[] {
  const bare = rest.replace(/"[^"]*"|'[^']*'/g, (quoted) => (/\s/.test(quoted) ? '' : quoted)); // a text, not a word
  return [...bare.matchAll(/(?<=^|\s)\d*<<(-?)\s*(["']?)([^\s<"']+)\2(?=\s|$)/g)].map((match) => ({
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
