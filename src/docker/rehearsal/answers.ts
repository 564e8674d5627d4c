import { Writer } from '../buildkit/wire/writer';

const ID = `sha256:${'0'.repeat(64)}`;
const VERSION = { ApiVersion: '1.41', MinAPIVersion: '1.12', Version: '0', Os: 'linux', Arch: 'amd64', Components: [] };
const INFO = { Driver: 'overlay2', DriverStatus: [], SecurityOptions: ['name=seccomp'], Warnings: null };

/** What a daemon says to a request, or something like it. */
export function answerTo(method: string, path: string): { readonly status: number; readonly body: string } {
  const json = (value: unknown, status = 200) => ({ status, body: JSON.stringify(value) });
  if (path === '/_ping') return { status: 200, body: 'OK' };
  if (path === '/version') return json(VERSION);
  if (path === '/info') return json(INFO);
  if (path === '/auth') return json({ Status: 'Login Succeeded' });
  if (path.startsWith('/distribution/')) return json({ Descriptor: { digest: ID } });
  if (path.endsWith('/push')) return { status: 200, body: pushMessages() };
  if (path.endsWith('/tag')) return { status: 201, body: '' };
  if (method === 'DELETE') return json([{ Untagged: path }]);
  if (/^\/images\/(?:sha256:|gocd-ecr-task\/)/.test(path))
    return json({ Id: ID, Size: 1, Os: 'linux', Architecture: 'amd64' });
  return json({ message: 'No such image: rehearsal' }, 404);
}

/** The image's id is its digest, as in the containerd store. */
function pushMessages(): string {
  const layer = (status: string) => ({ status, id: 'a1b2c3', progressDetail: {} });
  const messages = [
    { status: 'The push refers to repository [rehearsal]' },
    layer('Preparing'),
    layer('Layer already exists'),
    { status: `rehearsal: digest: ${ID} size: 1` },
  ];
  return messages.map((message) => `${JSON.stringify(message)}\n`).join('');
}

/** A build of two steps that were in the cache. */
export function buildMessages(): readonly object[] {
  const names = [
    '[internal] load build definition from Dockerfile',
    '[1/2] FROM docker.io/library/a',
    '[2/2] COPY . /',
  ];
  const started = names.map((name, index) => trace(vertex(index, name, false)));
  const ended = names.map((name, index) => trace(vertex(index, name, true)));
  return [...started, ...ended, { id: 'moby.image.id', aux: { ID } }];
}

function trace(status: Writer): object {
  return { id: 'moby.buildkit.trace', aux: status.end().toString('base64') };
}

// StatusResponse and Vertex (buildkit: api/services/control/control.proto).
function vertex(index: number, name: string, completed: boolean): Writer {
  const time = new Writer().number(1, 1_700_000_000 + index);
  const fields = new Writer()
    .text(1, `sha256:${String(index).repeat(64)}`)
    .text(3, name)
    .message(5, time);
  if (completed) fields.flag(4, index > 0).message(6, time);
  return new Writer().message(1, fields);
}
