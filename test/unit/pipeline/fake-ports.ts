import { EventEmitter, once } from 'node:events';
import type { DaemonInfo, DiskUse, LocalImage } from '../../../src/domain/daemon-info';
import type { ContextReport, PluginEvent } from '../../../src/domain/events';
import { parseTag, refName, type Digest, type ImageId, type TaggedRef } from '../../../src/domain/image-ref';
import { PLAIN_BUILD } from '../../../src/domain/plain-build';
import type { AwsPlan, Plan, TargetPlan } from '../../../src/domain/plan';
import type {
  Builder,
  BuildRequest,
  Clock,
  Docker,
  Ports,
  RegistryLogin,
  Report,
  SourceFacts,
} from '../../../src/pipeline/ports';
import { digest, FakeEcr, HOST, id, image, MARK, suffer, type Fault } from './fake-ecr';

export { digest, failure, FakeEcr, HOST, id, image } from './fake-ecr';

export const DAEMON: DaemonInfo = {
  product: 'Docker',
  engineVersion: '20.10.24',
  apiVersion: '1.41',
  minApiVersion: '1.12',
  os: 'linux',
  arch: 'amd64',
  store: 'classic',
  storageDriver: 'overlay2',
  debug: false,
  securityOptions: [],
  httpProxy: undefined,
  httpsProxy: undefined,
  noProxy: undefined,
  mirrors: [],
  insecureRegistries: [],
  warnings: [],
};

const AWS: AwsPlan = {
  region: undefined,
  registryId: undefined,
  side: 'agent',
  environment: new Map(),
  role: undefined,
  profile: undefined,
  proxy: undefined,
  customEndpoint: false,
};

export const CONTEXT: ContextReport = {
  files: 3,
  bytes: 61_000,
  sentFiles: 3,
  sentBytes: 61_000,
  largest: [{ path: 'app.js', bytes: 60_000 }],
  baggage: [],
};

export const OTHER_HOST = '444455556666.dkr.ecr.us-east-1.amazonaws.com';
export const OTHER: TargetPlan = { repository: { host: OTHER_HOST, registry: undefined, path: 'shop/cart' }, aws: AWS };

export function plan(change: Partial<Plan> = {}): Plan {
  return {
    mode: 'push',
    repository: { host: HOST, registry: undefined, path: 'shop/cart' },
    tags: [parseTag('1')!, parseTag('2')!],
    build: PLAIN_BUILD,
    daemon: { kind: 'unix', socketPath: '/d.sock', display: { value: 'unix:///d.sock', origin: { kind: 'built-in' } } },
    alsoPushTo: [],
    allowedRegistries: [],
    floatingTags: [],
    existingTag: 'reuse',
    creation: { ifMissing: false, settings: undefined },
    source: undefined,
    aws: AWS,
    cleanup: 'own',
    timeoutMs: undefined,
    files: { jobFolder: '/job', resultFile: 'ecr-image.json', outputs: [] },
    run: {
      server: 'https://gocd.example/go',
      pipeline: 'p',
      counter: '7',
      label: '7',
      stage: 's',
      stageCounter: '1',
      job: 'j',
      revisions: new Map(),
      mark: MARK,
      repository: `${HOST}/shop/cart`,
      reuseKey: undefined,
      taskKey: '00aa',
    },
    fieldsSet: [],
    notes: [],
    secrets: [],
    ...change,
  };
}

/** Time passes only by sleeping; whoever sleeps longer than `hangFrom` sleeps until the signal. */
export class FakeClock implements Clock {
  time = 1_000_000;
  hangFrom = 60_000;
  now = (): number => this.time;
  random = (): number => 0.5;
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (ms < this.hangFrom && ms !== 5_000) {
      this.time += ms;
      return;
    }
    await once(new EventEmitter(), 'never', { signal });
  }
}

/** A daemon with a memory: tags that move, a registry that keeps what was pushed. */
export class FakeDocker implements Docker {
  readonly calls: string[] = [];
  readonly tags = new Map<string, ImageId>();
  readonly registry = new Map<string, Digest>();
  readonly digests = new Map<ImageId, Digest>([[id('a'), digest('d')]]);
  readonly passwords: string[] = [];
  /** What the next calls of a method do instead of working. */
  readonly faults = new Map<string, Fault[]>();
  /** Everything that was inspected, in turn. */
  readonly inspected: string[] = [];
  /** The tagging of the task's cache, in turn. */
  readonly cached: string[] = [];
  /** Calls that have not come to an end. */
  running = 0;
  lastRun = '';
  /** What a build tells. */
  readonly builds: PluginEvent[] = [];
  onPush: (target: TaggedRef, pushed: Digest, image: ImageId) => void = () => undefined;
  onBuild: (request: BuildRequest) => unknown = () => undefined;
  info = DAEMON;
  builder: 'classic' | 'buildkit' = 'classic';
  images = new Map<string, Partial<LocalImage>>();
  closed = false;

  async describe(signal: AbortSignal): Promise<DaemonInfo> {
    await this.#enter('describe', signal);
    return this.info;
  }
  async reach(signal: AbortSignal): Promise<void> {
    await this.#enter('reach', signal);
  }
  async diskUse(signal: AbortSignal): Promise<DiskUse> {
    await this.#enter('diskUse', signal);
    return { images: 3, imagesBytes: 1_500_000_000, cacheBytes: 200_000_000 };
  }
  async login(login: RegistryLogin, signal: AbortSignal): Promise<void> {
    await this.#enter(`login ${login.host}`, signal);
    this.passwords.push(login.password.reveal());
  }
  chooseBuilder(): Promise<Builder> {
    return Promise.resolve({
      name: this.builder,
      build: (request, report, signal) => this.#build(request, report, signal),
    });
  }
  async #build(request: BuildRequest, report: Report, signal: AbortSignal): Promise<ImageId> {
    this.builds.forEach(report);
    this.lastRun = request.ref;
    await this.#enter('build', signal);
    this.onBuild(request);
    this.tags.set(request.ref, id('a'));
    return id('a');
  }
  async inspect(ref: string, signal: AbortSignal): Promise<LocalImage | undefined> {
    await this.#enter(`inspect ${ref}`, signal, this.inspected);
    const image = ref.startsWith('sha256:') ? (ref as ImageId) : this.tags.get(ref);
    const special = this.images.get(ref);
    if (image === undefined && special === undefined) return undefined;
    const known = image === undefined ? undefined : this.digests.get(image);
    return {
      id: image ?? id('b'),
      repoTags: [],
      repoDigests: known === undefined ? [] : [HOST, OTHER_HOST].map((host) => `${host}/shop/cart@${known}`),
      sizeBytes: 5,
      os: 'linux',
      arch: 'amd64',
      variant: undefined,
      labels: new Map(),
      content: { layers: ['l1'], settings: 'built' },
      ...special,
    };
  }
  async tag(image: ImageId, ref: string, signal: AbortSignal): Promise<void> {
    const isCache = ref.startsWith('gocd-ecr-task/cache:');
    await this.#enter(`tag ${ref.split(':').pop() ?? ''}`, signal, isCache ? this.cached : this.calls);
    this.tags.set(ref, image);
  }
  async push(
    target: Parameters<Docker['push']>[0],
    login: RegistryLogin,
    _r: unknown,
    signal: AbortSignal,
  ): Promise<Digest> {
    await this.#enter(`push ${target.tag}`, signal);
    this.passwords.push(login.password.reveal());
    const pushed = this.digests.get(this.tags.get(refName(target))!) ?? digest('0');
    this.registry.set(refName(target), pushed);
    this.onPush(target, pushed, this.tags.get(refName(target))!);
    return pushed;
  }
  async remoteDigest(
    target: Parameters<Docker['push']>[0],
    _l: unknown,
    signal: AbortSignal,
  ): Promise<Digest | undefined> {
    await this.#enter(`look ${target.tag}`, signal);
    return this.registry.get(refName(target));
  }
  async remove(ref: string, signal: AbortSignal): Promise<boolean> {
    await this.#enter(`remove ${ref.includes('/run:') ? 'run' : ref.split(':').pop()!}`, signal);
    return this.tags.delete(ref);
  }
  close(): void {
    this.closed = true;
  }
  async #enter(call: string, signal: AbortSignal, list = this.calls): Promise<void> {
    signal.throwIfAborted();
    list.push(call);
    this.running++;
    try {
      await suffer(this.faults.get(call)?.shift(), signal);
    } finally {
      this.running--;
    }
  }
}

export interface World {
  readonly docker: FakeDocker;
  /** Where the main target's images are. */
  readonly ecr: FakeEcr;
  /** And those of the second. */
  readonly other: FakeEcr;
  readonly clock: FakeClock;
  readonly events: PluginEvent[];
  readonly ports: Ports;
  source: SourceFacts;
}

export function world(): World {
  const clock = new FakeClock();
  const docker = new FakeDocker();
  const ecr = new FakeEcr(clock);
  const other = new FakeEcr(clock, OTHER_HOST);
  docker.onPush = ({ repository, tag }, pushed, config) =>
    (repository.host === OTHER_HOST ? other : ecr).tags.set(tag, image(pushed[7]!, config));
  const made: World = {
    docker,
    ecr,
    other,
    clock,
    events: [],
    source: { dockerfile: '', bases: [], stages: [] },
    ports: {
      version: '1.2.3',
      runtime: 'Node v20.1.2 on linux x64',
      clock,
      mask: { register: () => undefined },
      openEcr: async (_aws, repository) => (repository.host === OTHER_HOST ? other : ecr),
      openDocker: async () => docker,
      sources: { inspect: async () => made.source, measure: async () => CONTEXT },
      files: { begin: async () => undefined, finish: async () => [] },
    },
  };
  return made;
}
