import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync, linkSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithLab, lab } from '../lab/client';
import { EngineApi } from '../lab/engine-api';
import { startNoUpgrade } from '../lab/no-upgrade';
import { startSshAgent } from '../lab/ssh-agent';
import { untar } from '../lab/untar';
import { Den } from '../e2e/zoo/den';
import { expectAlike } from '../e2e/zoo/judge';
import type { Animal } from '../e2e/zoo/animal';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'gocd-ecr-parts-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the ssh-agent has one key, and is gone after stop()', async () => {
  const agent = await startSshAgent(folder);
  expect(agent.publicKey).toMatch(/^ssh-ed25519 \S+ lab key$/);
  await agent.stop();
  await expect(agent.keys()).rejects.toThrow(/agent/);
});

test('the tar reader sees capabilities', () => {
  new Den(folder).file('in/ping', 'x', 0o755).capable('in/ping');
  const options = ['--xattrs', '--xattrs-include=*', '--format=pax', '-C', join(folder, 'in')];
  const [ping] = untar(execFileSync('tar', ['-c', ...options, '-f', '-', 'ping']));
  expect(ping?.capabilities).toMatch(/^0[0-9a-f]{39,47}$/); // linux/capability.h: struct vfs_cap_data
});

test.each(['gnu', 'pax'])('the tar reader reads what GNU tar writes as %s, byte for byte', (format) => {
  const long = 'n'.repeat(120);
  mkdirSync(join(folder, 'in', long), { recursive: true });
  writeFileSync(join(folder, 'in', long, 'file'), 'content', { mode: 0o640 });
  writeFileSync(Buffer.concat([Buffer.from(join(folder, 'in/')), Buffer.from([0x6c, 0xe9])]), '');
  utimesSync(join(folder, 'in', long, 'file'), 1_234_567_890, 1_234_567_890);
  linkSync(join(folder, 'in', long, 'file'), join(folder, 'in', long, 'second'));
  symlinkSync('t'.repeat(150), join(folder, 'in', 'link'));
  const options = ['--sort=name', '--owner=1234', '--group=4321', `--format=${format}`, '-C', join(folder, 'in')];
  const entries = untar(execFileSync('tar', ['-c', ...options, '-f', '-', '.']));
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const file = byName.get(`./${long}/file`);
  expect(file).toMatchObject({ type: 'file', mode: 0o640, uid: 1234, gid: 4321, mtime: 1_234_567_890 });
  expect(file?.content.toString()).toBe('content');
  expect(byName.get(`./${long}/second`)).toMatchObject({ type: 'hardlink', link: `./${long}/file` });
  expect(byName.get('./link')).toMatchObject({ type: 'symlink', link: 't'.repeat(150) });
  expect(byName.get('./l\u00e9')).toMatchObject({ type: 'file' });
  expect(entries).toHaveLength(6);
});

describe('the zoo’s judge', () => {
  const animal: Animal = {
    name: 'a file',
    make: () => undefined,
    apart: [
      { who: ['docker'], has: { 'z/b': 'file 600 ', 'z/c': null } },
      { who: ['buildx'], on: ['debian'], fails: /no such/ },
    ],
  };
  const tree = { z: 'folder 755 0:0', 'z/b': 'file 644 0:0 1', 'z/c': 'file 644 0:0 1' };
  const docker = { z: 'folder 755 0:0', 'z/b': 'file 600 0:0 1' };
  const judge = (results: Parameters<typeof expectAlike>[1]) => () => expectAlike(animal, results, 'debian');

  test('is content with what is alike, and with what is told apart', () => {
    judge({ 'plugin buildkit': tree, 'plugin classic': tree, docker, buildx: { failed: 'no such thing' } })();
  });

  test.each([
    ['another line', { 'plugin buildkit': tree, 'plugin classic': { ...tree, 'z/b': 'file 644 0:0 2' } }],
    ['a path too many', { 'plugin buildkit': tree, 'plugin classic': { ...tree, 'z/d': 'file 644 0:0 2' } }],
    ['a path too few', { 'plugin buildkit': tree, 'plugin classic': docker }],
    ['a failure', { 'plugin buildkit': tree, 'plugin classic': { failed: 'no such thing' } }],
    ['everybody’s failure', { 'plugin buildkit': { failed: 'x' }, 'plugin classic': { failed: 'x' } }],
    ['a difference that is told and is none', { 'plugin buildkit': tree, docker: tree }],
    ['a success where a failure is told', { 'plugin buildkit': tree, buildx: tree }],
    ['nobody to compare with', { docker }],
  ] as const)('is not content with %s', (_what, results) => {
    expect(judge(results)).toThrow();
  });
});

describeWithLab('a daemon without upgrades', () => {
  test('answers everything but them', async () => {
    const daemon = await startNoUpgrade(lab().engine.unixUrl.slice('unix://'.length), folder);
    const api = new EngineApi(daemon.url);
    expect((await api.request('GET', '/_ping')).body).toBe('OK');
    for (const path of ['/session', '/grpc', '/v1.41/session']) {
      expect(await api.request('POST', path)).toMatchObject({ status: 404, body: '{"message":"page not found"}\n' });
    }
    await daemon.stop();
    expect(existsSync(join(folder, 'no-upgrade.sock'))).toBe(false);
  });
});
