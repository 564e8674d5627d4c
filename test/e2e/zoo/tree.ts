import { createHash } from 'node:crypto';
import type { EngineApi } from '../../lab/engine-api';
import { untar, type UntarredEntry } from '../../lab/untar';

/** What an image has below /z: a line for each path. */
export type Tree = Readonly<Record<string, string>>;

/** Of the image's own file system, as a container of it would see it. */
export async function treeOf(api: EngineApi, image: string): Promise<Tree> {
  const container = (await api.json('POST', '/containers/create', { Image: image, Cmd: ['none'] })) as { Id: string };
  try {
    return describe(untar(await api.download(`/containers/${container.Id}/export`)));
  } finally {
    await api.json('DELETE', `/containers/${container.Id}?force=1`);
  }
}

function describe(entries: readonly UntarredEntry[]): Tree {
  const own = entries.filter(({ name }) => /^z(\/|$)/.test(name));
  const byName = new Map(own.map((entry) => [entry.name, entry]));
  const groups = hardLinks(own);
  return Object.fromEntries(
    own
      .map((entry): [string, string] => {
        const group = groups.get(entry.type === 'hardlink' ? entry.link : entry.name);
        const real = entry.type === 'hardlink' ? (byName.get(entry.link) ?? entry) : entry;
        return [readable(entry.name.replace(/\/$/, '')), line(real) + (group === undefined ? '' : ` = ${group}`)];
      })
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** By the name that has the content: all names of the file, whichever of them the archive met first. */
function hardLinks(entries: readonly UntarredEntry[]): Map<string, string> {
  const names = new Map<string, string[]>();
  for (const { type, link, name } of entries) {
    if (type === 'hardlink') names.set(link, [...(names.get(link) ?? [link]), name]);
  }
  return new Map([...names].map(([first, all]) => [first, readable(all.sort().join(', '))]));
}

/** Folders without their times: the builders make some of them anew. */
function line({ type, mode, uid, gid, mtime, link, content, capabilities }: UntarredEntry): string {
  const head = `${type} ${mode.toString(8)} ${uid}:${gid}`;
  if (type === 'folder') return head;
  if (type === 'symlink') return `${head} ${mtime} -> ${readable(link)}`;
  if (type !== 'file') return `${head} ${mtime}`;
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 16);
  return `${head} ${mtime} ${content.length} ${hash}${capabilities === '' ? '' : ` can ${capabilities}`}`;
}

function readable(latin1: string): string {
  return latin1.replace(/[^\x20-\x7e]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
