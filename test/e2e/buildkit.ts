import { gunzipSync } from 'node:zlib';
import { engineApi, lab } from '../lab/client';
import { untar } from '../lab/untar';
import { plain, Scene, type E2eAgent, type Files } from './scene';

/** What the tests of BuildKit ask of an execution and of the daemon. */

type Done = Awaited<ReturnType<Scene['execute']>>;

/** As the console names them. */
export function builderLine(done: Done): string | undefined {
  return /^ {2}builder {2}(.*)$/m.exec(plain(done.lines))?.[1];
}

export function expectBuilt(done: Done, builder: 'BuildKit' | 'classic' = 'BuildKit'): void {
  const log = plain(done.lines);
  expect([done.code, done.success, log]).toEqual([200, true, expect.stringMatching(/^(BUILT|PUSHED) /m) as string]);
  expect(builderLine(done)).toMatch(new RegExp(`^${builder} \\(`));
}

type Config = Readonly<Record<string, string>>;

/** A scene built by BuildKit, and again as often as one likes; the image stays on the daemon. */
export async function build(
  agent: E2eAgent,
  files: Files,
  config: Config = {},
): Promise<{ readonly scene: Scene; readonly done: Done; execute(more?: Config): Promise<Done> }> {
  const scene = await Scene.open(agent, files);
  const execute = (more: Config = {}): Promise<Done> =>
    scene.execute({ Builder: 'buildkit', Mode: 'build', Repository: scene.repository, ...config, ...more });
  return { scene, execute, done: await execute() };
}

/** What the engine would ignore without a word is refused before anything is built. */
export function expectRefused(done: Done, what: string, needs: string, fix: string): void {
  const { version, store } = lab().engine;
  expect([done.success, done.message]).toEqual([
    false,
    `CONFIG_INVALID: ${what} needs ${needs}, and the daemon is Docker ${version} with the ${store} image store: its BuildKit would leave that out without a word. ${fix}`,
  ]);
}

/** The image's history, its configuration and its layers, unpacked: where anything of it can be. */
export async function everythingOf(image: string): Promise<string> {
  const api = engineApi();
  const path = encodeURIComponent(image);
  const texts = ['history', 'json'].map((what) => api.request('GET', `/images/${path}/${what}`));
  const saved = untar(await api.download(`/images/${path}/get`));
  const blobs = saved.map(({ content }) =>
    content[0] === 0x1f && content[1] === 0x8b ? gunzipSync(content) : content,
  );
  return [...(await Promise.all(texts)).map(({ body }) => body), ...blobs.map((blob) => blob.toString())].join('\n');
}

/** Forgets all that BuildKit has built here, as another daemon would not know it. */
export async function forgetBuilds(): Promise<void> {
  await engineApi().json('POST', '/build/prune?all=true');
}

/** BuildKit of 20.10 knows less. */
export const isOld = (): boolean => lab().engine.version.startsWith('20.10');
export const hasContainerdStore = (): boolean => lab().engine.store === 'containerd';
