/** The ARGs before the first FROM that have a value; undefined: it has one that could not be told. */
export type Globals = ReadonlyMap<string, string | undefined>;

// What BuildKit sets without an ARG (dockerfile reference, "Automatic platform ARGs"); only it knows the values.
const AUTOMATIC = /^(BUILD|TARGET)(PLATFORM|OS|OSVERSION|ARCH|VARIANT)$/;

/** A word of FROM or ARG, its quotes taken off and its variables expanded; undefined where that is not sure. */
export function expandWord(word: string, globals: Globals): string | undefined {
  const quoted = /^(["'])(.*)\1$/s.exec(word);
  const plain = quoted?.[2] ?? word;
  if (/["'\\`]/.test(plain)) return undefined; // quotes inside a word, escapes: nobody writes references so
  return quoted?.[1] === "'" ? plain : expandArgs(plain, globals);
}

/**
 * `$NAME`, `${NAME}`, `${NAME:-word}` and `${NAME:+word}` from the ARGs before the first FROM, as the builder expands them
 * in FROM; undefined where a form or a name is not known: then the reference is not known either.
 */
function expandArgs(text: string, globals: Globals): string | undefined {
  let sure = true;
  const expanded = text.replace(
    /\$(?:\{([A-Za-z_]\w*)(?:(:[-+])([^}$]*))?\}|([A-Za-z_]\w*)|)/g,
    (_match, braced?: string, operator?: string, word?: string, bare?: string): string => {
      const name = braced ?? bare ?? '';
      const value = globals.get(name) ?? '';
      sure &&= isKnown(name, operator, globals);
      if (operator === ':-') return value === '' ? (word ?? '') : value;
      if (operator === ':+') return value === '' ? '' : (word ?? '');
      return value;
    },
  );
  return sure ? expanded : undefined;
}

/** An operator says what an ARG that is not there stands for. */
function isKnown(name: string, operator: string | undefined, globals: Globals): boolean {
  if (globals.has(name)) return globals.get(name) !== undefined;
  return name !== '' && operator !== undefined && !AUTOMATIC.test(name);
}
