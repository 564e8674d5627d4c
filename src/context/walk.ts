import { namesIn, type DiskText, type Name } from './file-name';
import { isSame, look, onDisk, type Found } from './found';
import { Selection, type Candidate, type SelectionOptions } from './selection';
import { changed, unreadable } from './unreadable';

export type { Found } from './found';

export interface WalkOptions extends SelectionOptions {
  /** The context's real folder. */
  readonly root: string;
  /** Told of what no archive can hold. */
  note(text: string): void;
}

interface Seen {
  readonly found: Found;
  readonly candidate: Candidate;
}

/** A folder on the way from the root to where the walk is. */
interface Frame {
  readonly folder: Found | undefined;
  readonly candidates: readonly Candidate[];
  /** How many of them have been looked at. */
  looked: number;
  seen: readonly Seen[];
  /** How many of `seen` have been given out. */
  given: number;
  /** The folder itself is still to be given out, if something in it is. */
  owed: boolean;
}

// A folder is checked after each so many looks; what they found is all that is held of a folder of a million files.
const LOOKS_AT_ONCE = 256;
const ROOT: DiskText = { text: '', raw: undefined };

/**
 * Everything that is not ignored, folders before what is in them, siblings in byte order of their names. What has been
 * given out may change before it is read: whoever opens it compares (`isSame`).
 */
export function* walkSync(options: WalkOptions): Generator<Found, void> {
  const selection = new Selection(options);
  const way = [enter(options, selection)];
  for (let frame = way.at(-1); frame; frame = way.at(-1)) {
    const next = nextOf(frame, options);
    if (!next) {
      way.pop();
      continue;
    }
    const { found, candidate } = next;
    if (candidate.kept) {
      for (const above of way) if (above.owed) yield* payOff(above);
      yield found;
    }
    if (found.kind === 'folder') way.push(enter(options, selection, next));
  }
}

function* payOff(frame: Frame): Generator<Found, void> {
  frame.owed = false;
  if (frame.folder) yield frame.folder;
}

function enter({ root }: WalkOptions, selection: Selection, seen?: Seen): Frame {
  const folder = seen?.found;
  const place = seen?.candidate ?? ROOT;
  const candidates = selection.of(place, names(root, place), seen?.candidate.results);
  return { folder, candidates, looked: 0, seen: [], given: 0, owed: seen?.candidate.kept === false };
}

function names(root: string, { text, raw }: DiskText): readonly Name[] {
  try {
    return namesIn(onDisk(root, { path: text, rawPath: raw }));
  } catch (error) {
    throw unreadable(text === '' ? '.' : text, error);
  }
}

function nextOf(frame: Frame, options: WalkOptions): Seen | undefined {
  while (frame.given === frame.seen.length) {
    if (frame.looked >= frame.candidates.length) return undefined;
    frame.seen = lookAtSome(frame, options);
    frame.given = 0;
  }
  return frame.seen[frame.given++];
}

function lookAtSome(frame: Frame, { root, note }: WalkOptions): readonly Seen[] {
  const seen: Seen[] = [];
  for (const candidate of frame.candidates.slice(frame.looked, frame.looked + LOOKS_AT_ONCE)) {
    const found = look(root, candidate);
    if (!found) note(`left out of the context, being no file, folder or link: ${candidate.text}`);
    else if (candidate.kept || found.kind === 'folder') seen.push({ found, candidate });
  }
  frame.looked += LOOKS_AT_ONCE;
  if (frame.folder) checkFolder(root, frame.folder);
  return seen;
}

/** A folder that became a link to somewhere else would have shown what lies there. */
function checkFolder(root: string, folder: Found): void {
  const now = look(root, { text: folder.path, raw: folder.rawPath });
  if (now?.kind !== 'folder' || !isSame(now, folder)) throw changed(folder.path, 'was replaced');
}
