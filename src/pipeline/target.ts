import type { Digest, Repository, Tag, TaggedRef } from '../domain/image-ref';
import type { TagMade } from '../domain/outcome';
import type { Plan, RepositoryPlan } from '../domain/plan';
import type { RegistryImage } from '../domain/registry-image';
import { HeldReport } from './ahead';
import type { Ecr, Ports, Report, RepositoryFacts } from './ports';
import { admitRegistry } from './admit-registry';
import { Sightings } from './sightings';
import { steadyEcr } from './steady-ecr';
import { TokenKeeper } from './steps/authenticate';
import { LabelReader } from './steps/tags/label-reader';
import type { TagState } from './steps/tags/tag-state';
import type { TargetRecord } from './target-record';

export type Images = ReadonlyMap<string, RegistryImage>;

/** One place that the image goes to: who asks there, and what the run knows of it as it goes on. */
export class Target {
  readonly ecr: Ecr;
  /** Throws where the agent's settings do not allow that registry. */
  readonly admit: (host: string) => void;
  readonly tokens: TokenKeeper;
  readonly labels: LabelReader;
  /** Told when it is this target's turn in the preflight. */
  readonly asking: HeldReport;
  /** Told in the login's phase. */
  readonly entering: HeldReport;
  /** undefined: not known, or not there yet. */
  facts: RepositoryFacts | undefined;
  /** Identity tags in their order, then those that move; empty where tags are not looked up. */
  tags: readonly TagState[] = [];
  /** Images may be looked up (ecr:BatchGetImage). */
  sees = false;
  /** This run's image in the repository. */
  image: RegistryImage | undefined;
  /** A tag cannot be put by AWS, but by the daemon; it is told once. */
  putsByDaemon = false;
  /** What AWS says about tags once they are there. */
  readonly sightings: Sightings;

  constructor(
    readonly record: TargetRecord,
    ecr: Ecr,
    plan: Plan,
    { clock }: Ports,
    report: Report,
  ) {
    this.asking = new HeldReport(report);
    this.entering = new HeldReport(report);
    this.ecr = steadyEcr(ecr, clock, this.asking.report);
    const admit = (host: string): void => admitRegistry(host, plan.allowedRegistries);
    this.admit = admit;
    this.tokens = new TokenKeeper(steadyEcr(ecr, clock, this.entering.report), clock, this.entering.report, admit);
    this.sightings = new Sightings(this.ecr, this.path);
    this.labels = new LabelReader(this.ecr, this.path, plan.run);
  }

  get plan(): RepositoryPlan {
    return this.record.plan.repository;
  }

  get path(): string {
    return this.plan.path;
  }

  /** Its host is the field's, else repositoryUri's, else the token's own. */
  get repository(): Repository | undefined {
    const host = this.plan.host ?? this.facts?.host ?? this.record.registry;
    return host === undefined ? undefined : { host, path: this.path };
  }

  /** Asks for a token only where nothing else has told the host. */
  async reach(signal: AbortSignal): Promise<Repository> {
    this.record.registry = this.repository?.host ?? (await this.tokens.current(signal)).host;
    this.admit(this.record.registry);
    return { host: this.record.registry, path: this.path };
  }

  find(tag: Tag): TagState | undefined {
    return this.tags.find((state) => state.tag === tag);
  }
}

/** How a tag came to name what it names. */
export interface Made {
  readonly ref: TaggedRef;
  readonly digest: Digest;
  readonly how: TagMade;
  /** Of `left`. */
  readonly run?: string;
}

/** Notes a tag as done, and tells it. */
export function tellTag(target: Target, { ref, digest, how, run }: Made, report: Report): void {
  const state = target.find(ref.tag);
  const tag = { ref, digest, how, previous: state?.image?.digest, floating: state?.floating ?? false };
  target.record.add(tag);
  report({ type: 'tag-pushed', ...tag, ...(run !== undefined && { run }) });
}
