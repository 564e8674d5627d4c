import { EventEmitter, once } from 'node:events';
import type { EcrRegistry } from '../../../src/domain/ecr-registry';
import { StepError, type ErrorCode } from '../../../src/domain/errors';
import { parseDigest, parseImageId, type Digest, type ImageId, type Tag } from '../../../src/domain/image-ref';
import type { ImageConfig, RegistryImage } from '../../../src/domain/registry-image';
import type { Drift, RepositorySettings } from '../../../src/domain/repository-settings';
import { RUN_LABEL, writeRunLabel, type RunMark } from '../../../src/domain/run-label';
import { Secret } from '../../../src/domain/secret';
import type { Clock, Ecr, RegistryLogin, RepositoryFacts } from '../../../src/pipeline/ports';

export const HOST = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';
export const id = (digit: string): ImageId => parseImageId(`sha256:${digit.repeat(64)}`)!;
export const digest = (digit: string): Digest => parseDigest(`sha256:${digit.repeat(64)}`)!;

export function failure(code: ErrorCode, options: { transient?: boolean; words?: string } = {}): StepError {
  return new StepError(code, 'daemon-registry', 'environment', `it is ${code}`, options);
}

/** As the registry has it; `config` is its id on a daemon with the classic store. */
export function image(digit: string, config?: ImageId): RegistryImage {
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const blob = parseDigest(config ?? id(digit))!;
  return { digest: digest(digit), mediaType, manifest: `manifest ${digit}`, config: blob, sizeBytes: 77 };
}

/** Of the run that the fake plan is. */
export const MARK: RunMark = { pipeline: 'p', counter: '7', revision: 'GO_REVISION=abc', fields: 'f00' };

export function configOf(labels: ReadonlyMap<string, string>, settings = 'other'): ImageConfig {
  return { labels, os: 'linux', arch: 'amd64', variant: undefined, content: { layers: ['l1'], settings } };
}

/** What a doing ends in: an error, never, or something that happens meanwhile. */
export type Fault = StepError | 'hang' | (() => unknown);

export async function suffer(fault: Fault | undefined, signal: AbortSignal): Promise<void> {
  if (fault === 'hang') await once(new EventEmitter(), 'never', { signal });
  else if (typeof fault === 'function') await fault();
  else if (fault !== undefined) throw fault;
}

/** A registry with a memory, as AWS shows it. */
export class FakeEcr implements Ecr {
  readonly region = 'eu-west-1';
  issued = 0;
  lifeMs = 12 * 3_600_000;
  readonly askedFor: string[] = [];
  readonly calls: string[] = [];
  readonly tags = new Map<string, RegistryImage>();
  readonly configs = new Map<Digest, ImageConfig>();
  readonly ages = new Map<Digest, number>();
  readonly faults = new Map<string, Fault[]>();
  /** Methods, and hosts of other registries. */
  denied = new Set<string>();
  missing = false;
  mutability: string | undefined = 'MUTABLE';
  exclusions: string[] = [];
  drift: Drift[] = [];
  createdWith: RepositorySettings | undefined;
  /** Another job makes the repository at the same moment. */
  beaten = false;
  /** AWS tells digests alone. */
  terse = false;

  constructor(
    private readonly clock: Clock,
    readonly host = HOST,
  ) {}

  /** Of an earlier run, or of this one. */
  has(tag: string, found: RegistryImage, mark?: Partial<RunMark>, key?: Secret): void {
    this.tags.set(tag, found);
    const label = writeRunLabel({ ...MARK, ...mark }, `${HOST}/shop/cart`, key);
    this.configs.set(found.digest, configOf(new Map(mark === undefined ? [] : [[RUN_LABEL, label]])));
  }

  async identity(signal: AbortSignal): Promise<string> {
    await this.#enter('identity', signal);
    return 'role gocd-push';
  }
  async authorize(signal: AbortSignal): Promise<RegistryLogin> {
    await this.#enter('authorize', signal);
    const password = new Secret(`token-${++this.issued}`);
    return { host: this.host, username: 'AWS', password, expiresAt: this.clock.now() + this.lifeMs };
  }
  async authorizeFor(registry: EcrRegistry): Promise<RegistryLogin> {
    this.askedFor.push(registry.host);
    if (this.denied.has(registry.host)) throw failure('AWS_DENIED');
    const password = new Secret(`token of ${registry.accountId}`);
    return { host: registry.host, username: 'AWS', password, expiresAt: this.clock.now() + this.lifeMs };
  }
  async describeRepository(_path: string, signal: AbortSignal): Promise<RepositoryFacts> {
    await this.#enter('describe', signal);
    this.#exist();
    return this.#facts();
  }
  async createRepository(_path: string, settings: RepositorySettings | undefined, signal: AbortSignal) {
    await this.#enter('create', signal);
    this.missing = false;
    this.createdWith = settings;
    return { facts: this.#facts(), created: !this.beaten };
  }
  async compareRepository(_path: string, _settings: unknown, signal: AbortSignal): Promise<readonly Drift[]> {
    await this.#enter('compare', signal);
    return this.drift;
  }
  async findImages(_path: string, names: readonly string[], signal: AbortSignal): Promise<Map<string, RegistryImage>> {
    const short = names.map((name) => name.replace(/^sha256:(.).*/, '@$1'));
    await this.#enter('find', signal, `find ${short.join(' ')}`);
    this.#exist();
    const all = new Map(this.tags);
    for (const each of this.tags.values()) all.set(each.digest, each);
    const found = names.flatMap((name) => (all.has(name) ? [[name, this.#shown(all.get(name)!)] as const] : []));
    return new Map(found);
  }
  async readConfig(_path: string, { digest: name }: RegistryImage, signal: AbortSignal) {
    await this.#enter('config', signal, `config ${name[7]!}`);
    return this.configs.get(name);
  }
  async pushedAt(_path: string, name: Digest, signal: AbortSignal): Promise<number | undefined> {
    await this.#enter('age', signal, `age ${name[7]!}`);
    return this.ages.get(name);
  }
  async putTag(_path: string, put: RegistryImage, tag: Tag, signal: AbortSignal): Promise<void> {
    await this.#enter('put', signal, `put ${tag}`);
    this.tags.set(tag, put);
  }

  #shown(found: RegistryImage): RegistryImage {
    return this.terse ? { ...found, manifest: undefined, config: undefined, sizeBytes: 0 } : found;
  }
  #facts(): RepositoryFacts {
    return { host: this.host, mutability: this.mutability, exclusions: this.exclusions };
  }
  #exist(): void {
    if (this.missing) throw failure('ECR_REPOSITORY_MISSING');
  }
  async #enter(method: string, signal: AbortSignal, call = method): Promise<void> {
    signal.throwIfAborted();
    this.calls.push(call);
    await suffer(this.faults.get(call)?.shift() ?? this.faults.get(method)?.shift(), signal);
    if (this.denied.has(method)) throw failure('AWS_DENIED');
  }
}
