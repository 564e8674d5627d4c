import { execFileSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import type { EngineApi } from './engine-api';
import { tar, type TarEntry } from './tar';

/** Images that stand in for public ones, made from this machine's own files: nothing can be pulled here. */

async function importImage(api: EngineApi, name: string, entries: readonly TarEntry[]): Promise<string> {
  const [repo = '', tag = ''] = name.split(':');
  const query = { fromSrc: '-', repo, tag };
  const done = await api.stream('/images/create', query, tar(entries), { 'content-type': 'application/x-tar' });
  if (done.error !== undefined) throw new Error(`the daemon did not import ${name}: ${done.error}`);
  return name;
}

/** For `node:20-bookworm-slim`: its `node`, where that image has it. */
export function nodeImage(api: EngineApi): Promise<string> {
  const content = readFileSync(realpathSync(process.execPath));
  return importImage(api, 'lab/node:20', [{ name: 'usr/local/bin/node', content, mode: 0o755 }]);
}

/** For a GoCD agent image: the libraries that a `node` needs, and the user `go`. */
export function agentImage(api: EngineApi): Promise<string> {
  const linked = execFileSync('ldd', [realpathSync(process.execPath)], { encoding: 'utf8' });
  const libraries = [...linked.matchAll(/(\/\S+) \(0x/g)].map((match) => match[1] ?? '');
  return importImage(api, 'lab/gocd-agent:1', [
    ...libraries.map((path) => ({ name: path.slice(1), content: readFileSync(path), mode: 0o755 })),
    { name: 'tmp/', folder: true, mode: 0o1777 },
    { name: 'etc/passwd', content: 'root:x:0:0:root:/root:/bin/sh\ngo:x:1000:0:go:/home/go:/bin/sh\n' },
    { name: 'home/go/', folder: true, mode: 0o777 },
  ]);
}
