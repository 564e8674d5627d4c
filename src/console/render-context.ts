import type { ContextReport } from '../domain/events';
import { bytes, plural } from './human';
import { structure } from './line';
import { yellow } from './paint';
import { row, shortPath, wrapped } from './render-layout';
import { fact, say } from './render-say';
import type { EventOf, Rendered, RenderState } from './render-state';

/** A context of more than this is worth a look at what is in it. */
const BIG = 100_000_000;
const LONGEST_PATH = 60;
const MOST_KINDS = 3;
const MOST_LARGEST = 3;

/** It may come while steps run: BuildKit reads the context beside them. */
export function contextSent(state: RenderState, event: EventOf<'context-sent'>): Rendered {
  const { report } = event;
  const text = contextText(report);
  const next = { ...state, contextSent: true };
  const told = state.phase?.opened === false ? fact(next, text) : say(next, structure(row('context', text)));
  const more = [...largestRows(report), ...baggageRows(report)];
  const said = say(told.state, ...more.map(structure));
  return { state: said.state, lines: [...told.lines, ...said.lines] };
}

/** What would travel, for a look before a build. */
export function contextFacts(report: ContextReport): string[] {
  const { files, bytes: size, largest } = report;
  if (files === 0) return ['no files'];
  const some = largest
    .slice(0, MOST_LARGEST)
    .map((file) => `${shortPath(file.path, LONGEST_PATH)} ${bytes(file.bytes)}`);
  return [
    `${plural(files, 'file')} ${bytes(size)}, which may travel`,
    ...(some.length === 0 ? [] : [`largest: ${some.join('; ')}`]),
    ...baggageTexts(report).map((text) => `${yellow('hint')}: ${text}`),
  ];
}

function contextText({ files, bytes: size, sentFiles, sentBytes }: ContextReport): string {
  if (files === 0) return 'no files';
  const all = `${plural(files, 'file')} ${bytes(size)}`;
  if (sentFiles === 0) return `${all}; nothing new to send`;
  if (sentFiles === files && sentBytes === size) return `${all}; all sent`;
  return `${all}; sent ${bytes(sentBytes)} in ${plural(sentFiles, 'file')}`;
}

function largestRows({ bytes: size, largest }: ContextReport): string[] {
  if (size <= BIG) return [];
  return wrapped(
    'largest',
    largest.map((file) => `${shortPath(file.path, LONGEST_PATH)} ${bytes(file.bytes)}`),
  );
}

interface Baggage {
  readonly folders: number;
  readonly files: number;
  readonly bytes: number;
  /** Beneath another folder. */
  readonly deep: boolean;
}

/** What an image rarely needs makes the context slow, and a COPY of it new with every commit. */
function baggageRows(report: ContextReport): string[] {
  return baggageTexts(report).map((text) => row(yellow('hint'), text));
}

function baggageTexts({ baggage }: ContextReport): string[] {
  const kinds = byName(baggage);
  if (kinds.length === 0) return [];
  const named = kinds.map(([name, { folders, files, bytes: size }]) => {
    const where = folders > 1 ? ` in ${plural(folders, 'folder')}` : '';
    return `${name} (${plural(files, 'file')} ${bytes(size)}${where})`;
  });
  const patterns = kinds.map(([name, { deep }]) => (deep ? `**/${name}` : name)); // `**` stands for no folder too
  const text = `${listed(named)} ${kinds.length > 1 ? 'travel' : 'travels'} with the context`;
  const them = kinds.length > 1 ? 'them' : 'it';
  return [`${text}: put ${listed(patterns)} into .dockerignore, unless a step needs ${them}`];
}

function byName(baggage: ContextReport['baggage']): [string, Baggage][] {
  const kinds = new Map<string, Baggage>();
  for (const { path, bytes: size, files } of baggage) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const kind = kinds.get(name) ?? { folders: 0, files: 0, bytes: 0, deep: false };
    kinds.set(name, {
      folders: kind.folders + 1,
      files: kind.files + files,
      bytes: kind.bytes + size,
      deep: kind.deep || name !== path,
    });
  }
  return [...kinds].sort(([, a], [, b]) => b.bytes - a.bytes).slice(0, MOST_KINDS);
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}
