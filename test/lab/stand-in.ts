import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineApi } from './engine-api';
import { cacheFolder } from './places';
import { tar, type TarEntry } from './tar';

/** Images that stand in for public ones, made from this machine's own files: nothing can be pulled here. */

async function importImage(
  api: EngineApi,
  name: string,
  entries: readonly TarEntry[],
  changes: readonly string[] = [],
): Promise<string> {
  const [repo = '', tag = ''] = name.split(/:(?=[^:/]*$)/);
  const query: [string, string][] = [
    ['fromSrc', '-'],
    ['repo', repo],
    ['tag', tag],
    ...changes.map((change): [string, string] => ['changes', change]),
  ];
  const done = await api.stream('/images/create', query, tar(entries), { 'content-type': 'application/x-tar' });
  if (done.error !== undefined) throw new Error(`the daemon did not import ${name}: ${done.error}`);
  return name;
}

function librariesOf(program: string): readonly TarEntry[] {
  const linked = execFileSync('ldd', [program], { encoding: 'utf8' });
  const paths = [...linked.matchAll(/(\/\S+) \(0x/g)].map((match) => match[1] ?? '');
  return paths.map((path) => ({ name: path.slice(1), content: readFileSync(path), mode: 0o755 }));
}

/** With `ssh-add` and a shell: what talks to an agent within a build. */
export function sshImage(api: EngineApi): Promise<string> {
  const busybox = existsSync('/bin/busybox') ? '/bin/busybox' : '/usr/bin/busybox';
  return importImage(api, 'lab/ssh:1', [
    ...librariesOf('/usr/bin/ssh-add'),
    { name: 'usr/bin/ssh-add', content: readFileSync('/usr/bin/ssh-add'), mode: 0o755 },
    { name: 'bin/sh', content: readFileSync(busybox), mode: 0o755 },
    { name: 'tmp/', folder: true, mode: 0o1777 },
    { name: 'etc/passwd', content: 'root:x:0:0:root:/root:/bin/sh\n' },
  ]);
}

/** What `# syntax=` can name: BuildKit's Dockerfile frontend, built here from its published Go module (setup.sh). */
export function frontendImage(api: EngineApi, name: string): Promise<string> {
  const program = join(cacheFolder(), 'peers', 'dockerfile-frontend');
  if (!existsSync(program)) throw new Error(`${program} is missing: test/lab/setup.sh peers builds it`);
  const changes = ['ENTRYPOINT ["/bin/dockerfile-frontend"]', 'LABEL moby.buildkit.frontend.network.none=true'];
  const content = readFileSync(program);
  return importImage(api, name, [{ name: 'bin/dockerfile-frontend', content, mode: 0o755 }], changes);
}

/** For `node:20-bookworm-slim`: its `node`, where that image has it. */
export function nodeImage(api: EngineApi): Promise<string> {
  const content = readFileSync(realpathSync(process.execPath));
  return importImage(api, 'lab/node:20', [{ name: 'usr/local/bin/node', content, mode: 0o755 }]);
}

/** For a GoCD agent image: the libraries that a `node` needs, and the user `go`. */
export function agentImage(api: EngineApi): Promise<string> {
  return importImage(api, 'lab/gocd-agent:1', [
    ...librariesOf(realpathSync(process.execPath)),
    { name: 'tmp/', folder: true, mode: 0o1777 },
    { name: 'etc/passwd', content: 'root:x:0:0:root:/root:/bin/sh\ngo:x:1000:0:go:/home/go:/bin/sh\n' },
    { name: 'home/go/', folder: true, mode: 0o777 },
  ]);
}
