import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineCertificates } from './certificates';
import { engine29Folder, systemPath } from './places';
import { runMarker } from './reaper';
import type { EngineKind } from './state';

/** What a daemon of the lab finds in its own /etc: names of the lab's registries, their authorities, a name server. */
export interface EngineNames {
  /** host name → loopback address */
  readonly hosts: ReadonlyMap<string, string>;
  /** authority of those hosts' certificates */
  readonly authority: string;
  readonly nameServer: string;
}

export interface EngineFiles {
  readonly folder: string;
  readonly socket: string;
  readonly log: string;
}

export function engineFiles(folder: string): EngineFiles {
  return { folder, socket: join(folder, 'docker.sock'), log: join(folder, 'dockerd.log') };
}

/* A mount namespace of its own: the machine's /etc stays as it is, a containerd of the machine is not seen (20.10 would
   take it), and whatever the daemon mounts is gone with it. */
const enter = `
  mount --bind "$0/etc/hosts" /etc/hosts &&
  mount --bind "$0/etc/resolv.conf" "$(readlink -f /etc/resolv.conf)" &&
  mkdir -p /etc/docker /run/containerd &&
  mount --bind "$0/etc/docker" /etc/docker &&
  mount -t tmpfs -o mode=711 lab /run/containerd &&
  exec "$@"`;

async function writeEtc(folder: string, names: EngineNames | undefined): Promise<void> {
  const etc = join(folder, 'etc');
  await mkdir(join(etc, 'docker', 'certs.d'), { recursive: true });
  const lines = [...(names?.hosts ?? [])].map(([host, address]) => `${address} ${host}\n`);
  await writeFile(join(etc, 'hosts'), (await readFile('/etc/hosts', 'utf8')) + lines.join(''));
  await writeFile(join(etc, 'resolv.conf'), `nameserver ${names?.nameServer ?? '127.0.0.1'}\noptions timeout:1\n`);
  for (const host of names?.hosts.keys() ?? []) {
    const certs = join(etc, 'docker', 'certs.d', host);
    await mkdir(certs);
    await writeFile(join(certs, 'ca.crt'), await readFile(names?.authority ?? '', 'utf8'));
  }
}

async function binary(kind: EngineKind): Promise<{ program: string; path: string }> {
  const here = engine29Folder();
  const found =
    kind === 'debian'
      ? { program: '/usr/sbin/dockerd', path: systemPath(), setup: 'test/lab/setup.sh' }
      : // Its folder first: with Debian's containerd and runc the classic builder's RUN fails.
        { program: join(here, 'dockerd'), path: `${here}:${systemPath()}`, setup: 'test/lab/setup.sh engines' };
  await access(found.program).catch(() => {
    throw new Error(`the ${kind} engine is not installed (${found.program} is missing): run ${found.setup}`);
  });
  return found;
}

function storeFlags(kind: EngineKind): string[] {
  if (kind === '29-containerd') return [];
  const overlay = ['--storage-driver', 'overlay2'];
  return kind === 'debian' ? overlay : ['--feature', 'containerd-snapshotter=false', ...overlay];
}

function daemonFlags(files: EngineFiles, bridge: string, tlsPort: number, certs: EngineCertificates): string[] {
  const listen = ['-H', `unix://${files.socket}`, '-H', `tcp://127.0.0.1:${tlsPort}`];
  const tls = ['--tlsverify', '--tlscacert', certs.authority.certificate];
  const own = ['--tlscert', certs.server.certificate, '--tlskey', certs.server.key];
  const roots = ['--data-root', join(files.folder, 'data'), '--exec-root', join(files.folder, 'exec')];
  // No firewall rules: they would outlive the daemon, and no test needs the way out.
  const network = ['-b', bridge, '--iptables=false', '--ip6tables=false'];
  return [...roots, '--pidfile', join(files.folder, 'pid'), ...listen, ...tls, ...own, ...network];
}

export interface LaunchPlan {
  readonly kind: EngineKind;
  readonly files: EngineFiles;
  readonly bridge: string;
  readonly tlsPort: number;
  readonly certs: EngineCertificates;
  readonly names: EngineNames | undefined;
}

/** As with ECR, whose authority a daemon knows under any spelling of a host's name; certs.d goes by one. */
function trust(names: EngineNames | undefined): Record<string, string> {
  return names === undefined ? {} : { SSL_CERT_FILE: names.authority };
}

export async function launch(plan: LaunchPlan): Promise<ChildProcess> {
  const { program, path } = await binary(plan.kind);
  await writeEtc(plan.files.folder, plan.names);
  const flags = [...daemonFlags(plan.files, plan.bridge, plan.tlsPort, plan.certs), ...storeFlags(plan.kind)];
  const log = openSync(plan.files.log, 'a');
  // The daemon ends with us (pdeathsig), and not by a Ctrl-C that is meant for us (detached).
  const parts = ['--pdeathsig', 'TERM', 'unshare', '--mount', '--propagation', 'private', '/bin/sh', '-c', enter];
  const child = spawn('setpriv', [...parts, plan.files.folder, program, ...flags], {
    detached: true,
    stdio: ['ignore', log, log],
    env: { PATH: path, HOME: plan.files.folder, [runMarker]: plan.files.folder, ...trust(plan.names) },
  });
  closeSync(log);
  return child;
}
