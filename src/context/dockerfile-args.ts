/**
 * `$NAME`, `${NAME}`, `${NAME:-word}` and `${NAME:+word}` from the ARGs before the first FROM, as the builder expands them
 * in FROM; undefined where a form or a name is not known: then the reference is not known either.
 */
export function expandArgs(text: string, globals: ReadonlyMap<string, string>): string | undefined {
  const unknown: string[] = [];
  const expanded = text.replace(
    /\$(?:\{([A-Za-z_][A-Za-z0-9_]*)(?:(:[-+])([^}$]*))?\}|([A-Za-z_][A-Za-z0-9_]*)|)/g,
    (
      match,
      braced: string | undefined,
      operator: string | undefined,
      word: string | undefined,
      bare: string | undefined,
    ) => {
      const name = braced ?? bare;
      if (name === undefined) {
        unknown.push(match);
        return '';
      }
      const value = globals.get(name) ?? '';
      if (operator === ':-') return value === '' ? (word ?? '') : value;
      if (operator === ':+') return value === '' ? '' : (word ?? '');
      if (!globals.has(name)) unknown.push(match);
      return value;
    },
  );
  return unknown.length === 0 ? expanded : undefined;
}
