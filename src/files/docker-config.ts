import { createHash } from 'node:crypto';
import { lstat, realpath } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { codeOf } from './confine';
import { isSameFile, openNoFollow, readAtMost } from './open-beneath';

/** The context that the agent's docker CLI would use, as its files have it. */
export interface ContextFiles {
  readonly name: string;
  readonly namedBy: string;
  readonly host: string;
  readonly skipTlsVerify: boolean;
  readonly tlsFolder: string | undefined;
}

const MAX_BYTES = 1024 * 1024;
const WRITABLE_BY_OTHERS = 0o022;
// As docker's CLI has them (cli/context/store/store.go: restrictedNamePattern).
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$/;

/** Who this process is; a parameter so that the rules can be tried without being root. */
export interface Reader {
  readonly uid: number;
}

/**
 * DOCKER_CONTEXT, else `currentContext` of config.json in DOCKER_CONFIG or ~/.docker; all of the agent's own environment.
 * undefined: there is none, or it is `default`, which is DOCKER_HOST and the built-in socket.
 */
export async function readDockerContext(
  environment: ReadonlyMap<string, string>,
  reader: Reader = thisProcess(),
): Promise<ContextFiles | { readonly problem: string } | undefined> {
  const folder = folderOf(environment);
  if (folder === undefined) return undefined;
  try {
    const named = await contextName(environment, folder, reader);
    return named === undefined || named.name === 'default' ? undefined : await contextOf(named, folder, reader);
  } catch (error) {
    if (error instanceof Unusable) return { problem: error.message };
    throw error;
  }
}

/** What the user is told instead of a context. */
class Unusable extends Error {}

interface Named {
  readonly name: string;
  readonly namedBy: string;
}

function folderOf(environment: ReadonlyMap<string, string>): string | undefined {
  const config = environment.get('DOCKER_CONFIG') ?? '';
  const home = environment.get('HOME') ?? '';
  const folder = config === '' ? join(home, '.docker') : config;
  return isAbsolute(folder) ? folder : undefined;
}

async function contextName(
  environment: ReadonlyMap<string, string>,
  folder: string,
  reader: Reader,
): Promise<Named | undefined> {
  const variable = environment.get('DOCKER_CONTEXT') ?? '';
  if (variable !== '') return { name: variable, namedBy: 'agent environment DOCKER_CONTEXT' };
  const path = join(folder, 'config.json');
  const text = await readOwn(path, 'currentContext', reader);
  const name = text === undefined ? undefined : parse(text, path)['currentContext'];
  return typeof name === 'string' && name !== '' ? { name, namedBy: `currentContext of ${path}` } : undefined;
}

async function contextOf({ name, namedBy }: Named, folder: string, reader: Reader): Promise<ContextFiles> {
  const shown = `docker context ${JSON.stringify(name)} (${namedBy})`;
  if (!NAME.test(name)) throw new Unusable(`${shown} is not the name of a context`);
  const id = createHash('sha256').update(name).digest('hex');
  const path = join(folder, 'contexts', 'meta', id, 'meta.json');
  const text = await readOwn(path, `docker context ${name}`, reader);
  if (text === undefined) throw new Unusable(`${shown} does not exist: there is no ${path}`);
  const endpoint = record(record(parse(text, path)['Endpoints'])['docker']);
  const host = endpoint['Host'];
  if (typeof host !== 'string' || host === '') throw new Unusable(`${shown} names no daemon: ${path} has no address`);
  const tls = join(folder, 'contexts', 'tls', id, 'docker');
  const tlsFolder = (await isFolder(tls)) ? tls : undefined;
  return { name, namedBy, host, skipTlsVerify: endpoint['SkipTLSVerify'] === true, tlsFolder };
}

/** undefined: it is not there. It decides where sources and credentials go, so nobody else may be able to write it. */
async function readOwn(path: string, what: string, reader: Reader): Promise<string | undefined> {
  const real = await realpath(path).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return undefined;
    throw new Unusable(`${what} cannot be read: ${path} (${codeOf(error)})`);
  });
  if (real === undefined) return undefined;
  const handle = await openNoFollow(real).catch((error: unknown) => {
    throw new Unusable(`${what} cannot be read: ${path} (${codeOf(error)})`);
  });
  try {
    const stats = await handle.stat();
    if (!stats.isFile() || !isSameFile(stats, await lstat(real))) throw new Unusable(`${what}: ${path} is not a file`);
    const isOwn = stats.uid === 0 || stats.uid === reader.uid;
    if (!isOwn || (stats.mode & WRITABLE_BY_OTHERS) !== 0)
      throw new Unusable(`${what} is not used: ${path} can be written by others than root and the agent's user`);
    const content = await readAtMost(handle, MAX_BYTES);
    if (content === undefined) throw new Unusable(`${what}: ${path} is larger than 1 MiB`);
    return content.toString('utf8');
  } finally {
    await handle.close();
  }
}

/** Not quoted: docker keeps registry passwords in config.json. */
function parse(text: string, path: string): Readonly<Record<string, unknown>> {
  try {
    return record(JSON.parse(text));
  } catch {
    throw new Unusable(`${path} is not JSON, and names the docker context of this agent`);
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

async function isFolder(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isDirectory() === true;
}

function thisProcess(): Reader {
  return { uid: process.geteuid?.() ?? 0 };
}
