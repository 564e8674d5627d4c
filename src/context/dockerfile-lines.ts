export interface Instruction {
  /** Upper case. */
  readonly name: string;
  /** What follows the name, continuation lines joined. */
  readonly rest: string;
  /** The line on which it begins, counted from 1. */
  readonly line: number;
  /** The word of its first here-document; undefined: it opens none, or no line closes it. */
  readonly heredoc: string | undefined;
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
  const ends = new HeredocEnds(lines);
  const instructions: Instruction[] = [];
  let sure = true;
  for (let at = 0; at < lines.length;) {
    const { joined, line, next } = readLogicalLine(lines, at, escape);
    const match = /^\s*([A-Za-z]+)(?:\s+([\s\S]*))?$/.exec(joined);
    if (match === null) {
      at = next;
      sure &&= joined.trim() === '';
      continue;
    }
    const [name, rest] = [(match[1] ?? '').toUpperCase(), (match[2] ?? '').trim()];
    sure &&= KNOWN.has(name);
    const heredocs = takesHeredoc(name, rest) ? heredocsOf(rest) : [];
    at = skipHeredocs(ends, next, heredocs);
    instructions.push({ name, rest, line, heredoc: at > next ? heredocs[0]?.word : undefined });
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
    const open = beforeEscape(line, escape);
    joined += open ?? line;
    if (open === undefined) return { joined, line: begun, next: at + 1 };
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

/**
 * What stands before the escape at the end of a line that goes on. An escaped escape joins no line to the next: so
 * BuildKit's parser has it today, while 20.10's looks at the last one only.
 */
function beforeEscape(line: string, escape: string): string | undefined {
  const end = line.replace(/(?<![ \t])[ \t]+$/, ''); // each run of blanks is tried once, from its beginning
  return end.endsWith(escape) && !end.endsWith(escape + escape) ? end.slice(0, -1) : undefined;
}

function takesHeredoc(name: string, rest: string): boolean {
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

function skipHeredocs(ends: HeredocEnds, from: number, heredocs: readonly Heredoc[]): number {
  let at = from;
  for (const heredoc of heredocs) {
    const end = ends.from(at, heredoc);
    if (end === undefined) return at; // `<<` was something else, a shift perhaps: nothing is skipped
    at = end + 1;
  }
  return at;
}

/** Where lines stand last: thousands of here-documents that nothing closes are not looked for down to the end of the file. */
class HeredocEnds {
  readonly #last: ReadonlyMap<string, number>;
  readonly #lastStripped: ReadonlyMap<string, number>;

  constructor(private readonly lines: readonly string[]) {
    this.#last = new Map(lines.map((line, index) => [line, index]));
    this.#lastStripped = new Map(lines.map((line, index) => [withoutTabs(line), index]));
  }

  /** The index of the line that closes it, `at` or a later one. */
  from(at: number, { word, stripTabs }: Heredoc): number | undefined {
    const last = (stripTabs ? this.#lastStripped : this.#last).get(word);
    if (last === undefined || last < at) return undefined;
    let end = at;
    while (end < last && this.#text(end, stripTabs) !== word) end++;
    return end;
  }

  #text(index: number, stripTabs: boolean): string {
    const line = this.lines[index] ?? '';
    return stripTabs ? withoutTabs(line) : line;
  }
}

function withoutTabs(line: string): string {
  return line.replace(/^\t+/, '');
}
