// Colours and the like are kept (ECMA-48 SGR); a parameter list longer than any real one is no colour.
const SGR = /\u001b\[[0-9;:]{0,64}m/g;
// Control characters (C0, DEL, C1), format characters (bidi, zero width, tags), lone surrogates, U+2028 and U+2029.
const HARMFUL = /\u001b\[[0-9;:]{0,64}m|[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const PLAIN = /^[\x20-\x7e]*$/;
// Joiners shape emoji and Persian or Indic words, and move nothing.
const HARMLESS = new Set(['\u200c', '\u200d']);
const RESET = '\u001b[0m';
const TAB_STOP = 8;
// The scheme's length is bounded, and user info holds no slash, so that this stays linear.
const USER_INFO = /([A-Za-z][A-Za-z0-9+.-]{0,30}:\/\/)([^\s/]{1,2048})@/g;

/** What a browser or a terminal may be shown: colours stay, everything else that is not text is spelled out. */
export function sanitise(line: string): string {
  if (PLAIN.test(line)) return line;
  let shown = '';
  let column = 0;
  for (const [index, piece] of line.split('\t').entries()) {
    if (index > 0) {
      const spaces = TAB_STOP - (column % TAB_STOP);
      shown += ' '.repeat(spaces);
      column += spaces;
    }
    const text = piece.replace(HARMFUL, spell);
    shown += text;
    column += withoutColours(text).length;
  }
  return shown;
}

/** For foreign words within a line of ours: without colours, which could hide the rest of the line. */
export function inline(text: string): string {
  return sanitise(withoutColours(text));
}

export function withoutColours(text: string): string {
  return text.includes('\u001b') ? text.replace(SGR, '') : text;
}

/** Colours end with their line, so that no line can dye the next. */
export function endColours(line: string): string {
  if (!line.includes('\u001b')) return line;
  const last = line.match(SGR)?.at(-1);
  return last === undefined || isReset(last) ? line : `${line}${RESET}`;
}

/** `https://user:password@host` shows its host only; a bare user of ssh is an address, not a secret. */
export function withoutUserInfo(text: string): string {
  const scheme = text.indexOf('://');
  if (scheme < 0 || !text.includes('@', scheme)) return text;
  return text.replace(USER_INFO, (whole, prefix: string, user: string) =>
    /^(?:git\+)?ssh:/i.test(prefix) && !user.includes(':') ? whole : `${prefix}****@`,
  );
}

function spell(found: string): string {
  if (found.length > 2 || HARMLESS.has(found)) return found;
  return `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`;
}

function isReset(sgr: string): boolean {
  return sgr === RESET || sgr === '\u001b[m';
}
