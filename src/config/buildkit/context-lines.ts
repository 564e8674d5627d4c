import type { NamedContext } from '../../domain/plan';
import { Fault } from '../fault';
import { parseImage } from '../image-text';
import { splitPair, type NumberedLine } from '../items';
import { absoluteByExpansion, ABSOLUTE_BY_EXPANSION, parsePath, pathTooLong } from '../path-text';
import type { Reading, Value } from '../reading';
import { withoutTwice } from './twice';

/** A named context and the texts that it was made of, of which none may show a secret. */
export interface ContextLine {
  readonly where: string;
  readonly context: NamedContext;
  readonly values: readonly Value[];
}

const FORM = 'a line is name=folder or name=docker-image://reference';

/** As `docker buildx build --build-context` has them, folders of the job and images. */
export function readContexts(reading: Reading): ContextLine[] {
  const lines = reading.lines('BuildContexts').flatMap((line) => {
    const read = readLine(line, reading);
    if (read instanceof Fault) reading.problem('BuildContexts', `line ${line.number} ${read.message}`);
    return read === undefined || read instanceof Fault ? [] : [read];
  });
  return withoutTwice(reading, 'BuildContexts', lines, ({ context }) => context.name);
}

function readLine({ number, text }: NumberedLine, reading: Reading): ContextLine | Fault | undefined {
  const where = `line ${number}`;
  const typed = splitPair(text);
  const key = reading.part('BuildContexts', typed.key);
  const value = typed.value === undefined ? undefined : reading.part('BuildContexts', typed.value);
  if (key && typed.value === undefined) {
    if (key.text !== '') return new Fault(`is not name=value; ${FORM}`);
    reading.notes.push(`BuildContexts: ${where} is empty and is left out`);
  }
  if (!key || !value) return undefined;
  const name = nameOf(key.text, reading);
  if (name instanceof Fault) return name;
  if (value.text === '') return new Fault(`leaves ${reading.quote(name)} without a folder or an image; ${FORM}`);
  const source = sourceOf(value, reading);
  return source instanceof Fault ? source : { where, context: { name, source }, values: [key, value] };
}

// The names of the build's own two folders in BuildKit's session.
const OWN: ReadonlySet<string> = new Set(['context', 'dockerfile']);

/** As buildx writes it (util/buildflags/context.go): `docker.io/library/alpine:latest` is `alpine`. */
function nameOf(text: string, reading: Reading): string | Fault {
  const name = text
    .replace(/^(?:index\.)?docker\.io\//, '')
    .replace(/^library\/(?=[^/]+$)/, '')
    .replace(/:latest$/, '');
  if (!parseImage(name)) {
    return new Fault(
      `begins with ${reading.quote(text)}, which is not a name: small letters, digits and single \`.\`, \`_\`, \`-\` between them, as in FROM`,
    );
  }
  return OWN.has(name) ? new Fault(`has the name ${name}, which the build itself uses: take another one`) : name;
}

const REFUSED: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:git:|ssh:|git@|github\.com\/)|^[a-z]+:\/\/.*\.git(?:#.*)?$/i,
    'is a git repository: check it out as a material of the pipeline and name its folder',
  ],
  [/^https?:\/\//i, 'is a web address: fetch it in an earlier task and name the folder'],
  [/^oci-layout:/i, 'is an OCI layout: name a folder, or an image in a registry'],
  [/^target:/i, 'is a target of buildx bake: name a folder or an image'],
  [/^local:/i, 'has a scheme that is not written: name the folder alone'],
  [/^[a-z][a-z0-9+.-]*:\/\//i, 'is neither a folder of the job nor docker-image://reference'],
];
const IMAGE = /^docker-image:\/\//i;

function sourceOf(value: Value, reading: Reading): NamedContext['source'] | Fault {
  const { text } = value;
  const shown = reading.quote(text);
  if (IMAGE.test(text)) {
    const ref = text.replace(IMAGE, '');
    return parseImage(ref)
      ? { kind: 'image', ref }
      : new Fault(`names ${shown}, which is not docker-image://host/repository:tag`);
  }
  const refused = pathTooLong(text)?.message ?? REFUSED.find(([pattern]) => pattern.test(text))?.[1];
  if (refused !== undefined) return new Fault(`names ${shown}, which ${refused}`);
  if (absoluteByExpansion(value))
    return new Fault(`names ${reading.quote(value.typed)}, which ${ABSOLUTE_BY_EXPANSION}`);
  const path = parsePath(text);
  return path instanceof Fault ? new Fault(`names ${shown}, which ${path.message}`) : { kind: 'folder', path };
}
