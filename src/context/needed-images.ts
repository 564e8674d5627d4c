import type { NamedContext } from '../domain/plan';
import { registryOf } from '../domain/registry-host';
import type { BaseReference } from '../pipeline/ports';
import type { ScannedDockerfile } from './dockerfile';

/**
 * What the build needs from registries: the images that stages begin with, and those that files are taken from. A named
 * context stands for the image of its name.
 */
export function neededImages(
  { stages, copied }: ScannedDockerfile,
  contexts: readonly NamedContext[],
): readonly BaseReference[] {
  const images = [
    ...stages.map(({ base, internal, platform, line }) => ({ ref: internal ? undefined : base, platform, line })),
    ...copied.map(({ image, line }) => ({ ref: image, platform: undefined, line })),
  ].sort((a, b) => a.line - b.line);
  const named = new Map(contexts.map(({ name, source }) => [familiar(name), source]));
  const needed = new Map<string, BaseReference>();
  for (const { ref: written, platform, line } of images) {
    const source = written === undefined ? undefined : named.get(familiar(written));
    const ref = source?.kind === 'image' ? source.ref : written;
    if (ref === undefined || source?.kind === 'folder' || needed.has(ref)) continue;
    needed.set(ref, { ref, host: hostOf(ref), platform, line });
  }
  return [...needed.values()];
}

function hostOf(reference: string): string {
  const host = registryOf(reference).toLowerCase();
  return host === 'index.docker.io' ? 'docker.io' : host;
}

/** The name under which BuildKit looks for a named context (frontend/dockerui/namedcontext.go). */
function familiar(name: string): string {
  return name
    .replace(/^(?:index\.)?docker\.io\//, '')
    .replace(/^library\/(?=[^/]+$)/, '')
    .replace(/:latest$/, '');
}
