/** The ARGs before the first FROM; undefined: its value could not be told. */
export type Globals = ReadonlyMap<string, string | undefined>;

// What BuildKit sets without an ARG (dockerfile reference, "Automatic platform ARGs"); only it knows the values.
const AUTOMATIC = /^(BUILD|TARGET)(PLATFORM|OS|OSVERSION|ARCH|VARIANT|STAGE)$/;

// More than any reference has: 255 characters of name, 128 of tag, a digest. A few lines of ARG, each twice the one
// before, would fill the memory.
const MOST_CHARACTERS = 4096;
// Of `${A:-${B:-…}}` and quotes in them; each level is one of the stack.
const MOST_LEVELS = 16;

/** A word of FROM or ARG as the builders expand it, with its quotes taken off; undefined where that is not sure. */
export function expandWord(word: string, globals: Globals): string | undefined {
  if (/[\\`]/.test(word)) return undefined; // escapes: nobody writes references so
  return new Expansion(word, globals).upTo('');
}

/** Names and values of an ARG instruction, as written. */
export function argsOf(rest: string): readonly { readonly name: string; readonly word: string | undefined }[] {
  return (rest.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []).map((text) => {
    const equals = text.indexOf('=');
    return equals < 0 ? { name: text, word: undefined } : { name: text.slice(0, equals), word: text.slice(equals + 1) };
  });
}

class Expansion {
  #at = 0;
  #level = 0;

  constructor(
    private readonly text: string,
    private readonly globals: Globals,
  ) {}

  /** Expands as far as `stop`, which is taken too; '' is the end. */
  upTo(stop: '' | '"' | '}'): string | undefined {
    let expanded = '';
    if (++this.#level > MOST_LEVELS) return undefined;
    while (this.#at < this.text.length) {
      const char = this.text[this.#at++] ?? '';
      if (char === stop) {
        this.#level--;
        return expanded;
      }
      const piece = this.#piece(char, stop === '"');
      if (piece === undefined || expanded.length + piece.length > MOST_CHARACTERS) return undefined;
      expanded += piece;
    }
    return stop === '' ? expanded : undefined;
  }

  #piece(char: string, quoted: boolean): string | undefined {
    if (char === '$') return this.#take('{') === undefined ? this.#bare() : this.#braced();
    if (quoted || (char !== '"' && char !== "'")) return char;
    if (char === '"') return this.upTo('"');
    return this.#take("[^']*'")?.slice(0, -1);
  }

  #bare(): string | undefined {
    const name = this.#take('[A-Za-z_]\\w*');
    return name === undefined ? undefined : this.#valueOf(name);
  }

  #braced(): string | undefined {
    const name = this.#take('[A-Za-z_]\\w*');
    if (name === undefined) return undefined;
    if (this.#take('\\}') !== undefined) return this.#valueOf(name);
    const operator = this.#take(':?[-+]');
    const word = operator === undefined ? undefined : this.upTo('}');
    const value = this.#valueOf(name);
    if (operator === undefined || word === undefined || value === undefined) return undefined;
    const isSet = operator.startsWith(':') ? value !== '' : this.globals.has(name);
    if (operator.endsWith('-')) return isSet ? value : word;
    return isSet ? word : '';
  }

  /** What is not set is empty, for both builders. */
  #valueOf(name: string): string | undefined {
    if (this.globals.has(name)) return this.globals.get(name);
    return AUTOMATIC.test(name) ? undefined : '';
  }

  #take(pattern: string): string | undefined {
    const expression = new RegExp(pattern, 'y');
    expression.lastIndex = this.#at;
    const found = expression.exec(this.text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }
}
