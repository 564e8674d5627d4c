import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { EngineApi } from './engine-api';
import { systemPath } from './places';
import { tar, type TarEntry } from './tar';

export const baseImageName = 'lab/busybox:1';

function busyboxPath(): string {
  const path = '/bin/busybox';
  try {
    readFileSync(path, { flag: 'r' });
    return path;
  } catch {
    return '/usr/bin/busybox';
  }
}

/** A root file system with nothing but Debian's static busybox: made here, so that no test pulls anything. */
function rootFileSystem(): Buffer {
  const applets = execFileSync('busybox', ['--list'], { env: { PATH: systemPath() }, encoding: 'utf8' });
  const names = applets.split('\n').filter((name) => name !== '' && name !== 'busybox');
  const folders = ['bin', 'etc', 'home', 'root', 'usr', 'usr/bin', 'var', 'var/tmp'];
  const entries: TarEntry[] = [
    ...folders.map((name) => ({ name: `${name}/`, folder: true })),
    { name: 'tmp/', folder: true, mode: 0o1777 },
    { name: 'bin/busybox', content: readFileSync(busyboxPath()), mode: 0o755 },
    ...names.map((name) => ({ name: `bin/${name}`, link: 'busybox' })),
    { name: 'usr/bin/env', link: '/bin/busybox' },
    { name: 'etc/passwd', content: 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/sh\n' },
    { name: 'etc/group', content: 'root:x:0:\nnogroup:x:65534:\n' },
  ];
  return tar(entries);
}

/** Imports `lab/busybox:1` unless the daemon has it already. */
export async function baseImage(api: EngineApi): Promise<string> {
  const there = await api.request('GET', `/images/${baseImageName}/json`);
  if (there.status === 200) return baseImageName;
  const [repo = '', tag = ''] = baseImageName.split(':');
  const query = { fromSrc: '-', repo, tag, changes: 'CMD ["/bin/sh"]' };
  const done = await api.stream('/images/create', query, rootFileSystem(), { 'content-type': 'application/x-tar' });
  if (done.status !== 200 || done.error !== undefined) {
    throw new Error(`the daemon did not import ${baseImageName}: ${done.error ?? `status ${done.status}`}`);
  }
  return baseImageName;
}
