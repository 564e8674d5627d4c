import type { Digest } from './image-ref';

/** An image as a registry names it: its manifest. */
export interface RegistryImage {
  readonly digest: Digest;
  readonly mediaType: string;
  /** Byte for byte, to be put again under other tags; undefined where AWS tells the digest alone. */
  readonly manifest: string | undefined;
  /** Digest of the config blob; undefined for an index, or where the manifest is not known. */
  readonly config: Digest | undefined;
  /** Of config and layers as they are stored (compressed); 0 for an index, or where the manifest is not known. */
  readonly sizeBytes: number;
}

/** An image of which no more is known than what it is called by. */
export function knownByDigest(digest: Digest, mediaType = ''): RegistryImage {
  return { digest, mediaType, manifest: undefined, config: undefined, sizeBytes: 0 };
}

/** What an image's config blob tells. */
export interface ImageConfig {
  readonly labels: ReadonlyMap<string, string>;
  readonly os: string;
  readonly arch: string;
  readonly variant: string | undefined;
  readonly content: ImageContent;
}

/** What makes two images the same though their digests differ: layers and settings, without times (security.md 19). */
export interface ImageContent {
  /** Digests of the uncompressed layers, the lowest first. */
  readonly layers: readonly string[];
  /** Canonical JSON of the settings that a container starts with. */
  readonly settings: string;
}

export function sameContent(one: ImageContent, other: ImageContent): boolean {
  return one.settings === other.settings && one.layers.join() === other.layers.join();
}

// Of the OCI image configuration (opencontainers/image-spec config.md) and docker's additions to it. Daemons write empty
// values in several ways: null, an empty list or text, or not at all.
const SETTINGS = [
  'User',
  'ExposedPorts',
  'Env',
  'Entrypoint',
  'Cmd',
  'Volumes',
  'WorkingDir',
  'Labels',
  'StopSignal',
  'Healthcheck',
  'OnBuild',
  'Shell',
];

/** From the config blob's `config`, or the `Config` of a daemon's inspect: both have these names. */
export function contentOf(layers: readonly string[], config: Readonly<Record<string, unknown>>): ImageContent {
  const filled = SETTINGS.map((name) => [name, config[name]] as const).filter(([, value]) => !isEmpty(value));
  return { layers, settings: JSON.stringify(filled.map(([name, value]) => [name, sorted(value)])) };
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.entries(value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, each]) => [name, sorted(each)]);
}
