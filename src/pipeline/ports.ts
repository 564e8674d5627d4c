import type { DaemonInfo, DiskUse, LocalImage } from '../domain/daemon-info';
import type { BuilderName, ContextReport, PluginEvent } from '../domain/events';
import type { EcrRegistry } from '../domain/ecr-registry';
import type { Digest, ImageId, Tag, TaggedRef } from '../domain/image-ref';
import type { Outcome } from '../domain/outcome';
import type { AwsPlan, BuildPlan, Plan, RepositoryPlan, RolePlan } from '../domain/plan';
import type { ImageConfig, RegistryImage } from '../domain/registry-image';
import type { Drift, RepositorySettings } from '../domain/repository-settings';
import type { Secret } from '../domain/secret';

export type Report = (event: PluginEvent) => void;

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Ends early, with the signal's reason thrown, when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** In [0, 1): the jitter of a back-off. */
  random(): number;
}

/** Where secrets are made known before their first use. */
export interface Mask {
  register(name: string, secret: Secret): void;
}

/** For one registry host only: whoever holds it can't send it anywhere else. */
export interface RegistryLogin {
  readonly host: string;
  readonly username: string;
  readonly password: Secret;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface BuildRequest {
  /** Unique to this run; held until every push has ended (engines.md, rule 2). `repository:tag`. */
  readonly ref: string;
  readonly plan: BuildPlan;
  /** What the preflight read: the Dockerfile is read and scanned once. */
  readonly source: SourceFacts;
  readonly jobFolder: string;
  /** Paths, relative to the job's folder, that are ours and never part of a context. */
  readonly outputs: readonly string[];
  /** Credentials for one registry host, compared whole and normalised; nothing for a host that the plan does not name. */
  login(host: string): RegistryLogin | undefined;
}

/** Which builder will build, decided by trying and not by a header. */
export interface Builder {
  readonly name: BuilderName;
  /** Done means: a final image id and no error event. One build only: its session is used up. */
  build(request: BuildRequest, report: Report, signal: AbortSignal): Promise<ImageId>;
}

/** The daemon. Every method throws a StepError with hop agent-daemon or daemon-registry. */
export interface Docker {
  /** Ping, version and info side by side. Fails within 15 s on a black hole. */
  describe(signal: AbortSignal): Promise<DaemonInfo>;
  /** One connection, handshake included, and nothing on it: is there anything that listens? */
  reach(signal: AbortSignal): Promise<void>;
  /** Slow on a busy daemon, and given up after 15 s: only where somebody wants to know. */
  diskUse(signal: AbortSignal): Promise<DiskUse>;
  /** The daemon itself tries the login: it proves hop daemon-registry before minutes of building. */
  login(login: RegistryLogin, signal: AbortSignal): Promise<void>;
  /** Tries BuildKit where the plan allows it; reports `builder-chosen`. Needs no answer of `describe`. */
  chooseBuilder(plan: BuildPlan, report: Report, signal: AbortSignal): Promise<Builder>;
  /** undefined: no such image on the daemon. */
  inspect(ref: string, signal: AbortSignal): Promise<LocalImage | undefined>;
  tag(image: ImageId, ref: string, signal: AbortSignal): Promise<void>;
  /** The digest is the one of the daemon's status line. */
  push(target: TaggedRef, login: RegistryLogin, report: Report, signal: AbortSignal): Promise<Digest>;
  /** What the registry has under that tag, as the daemon sees it (GET /distribution); undefined: nothing. */
  remoteDigest(target: TaggedRef, login: RegistryLogin, signal: AbortSignal): Promise<Digest | undefined>;
  /** Unforced; false when it was not there. Only ever called with refs of this run. */
  remove(ref: string, signal: AbortSignal): Promise<boolean>;
  close(): void;
}

export interface RepositoryFacts {
  /** Registry host to push to, from repositoryUri. */
  readonly host: string;
  /** `MUTABLE`, `IMMUTABLE`, `…_WITH_EXCLUSION`; undefined: a registry that has none (ECR Public). */
  readonly mutability: string | undefined;
  /** Filters of the `…_WITH_EXCLUSION`, `latest*`. */
  readonly exclusions: readonly string[];
}

/**
 * AWS, for one target. Every method throws a StepError with hop agent-aws, `transient` where another try may help: it
 * tries once, the pipeline tries again. Denied look-ups throw AWS_DENIED; the caller makes them notes.
 */
export interface Ecr {
  /** Which region this client speaks to; asks nobody. */
  readonly region: string;
  /** Who asks and where the credentials came from: never a secret. Throws where there are no credentials. */
  identity(signal: AbortSignal): Promise<string>;
  /** A fresh authorization token. `host` is proxyEndpoint's host. The token is registered with the mask. */
  authorize(signal: AbortSignal): Promise<RegistryLogin>;
  /** A token for another registry than the one that is pushed to, in its region, for the same identity or that role. */
  authorizeFor(registry: EcrRegistry, role: RolePlan | undefined, signal: AbortSignal): Promise<RegistryLogin>;
  /** Throws ECR_REPOSITORY_MISSING. */
  describeRepository(path: string, signal: AbortSignal): Promise<RepositoryFacts>;
  /** Made by another job at the same moment is as good: `created` is false then. Policies and tags are set on a new one. */
  createRepository(
    path: string,
    settings: RepositorySettings | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly facts: RepositoryFacts; readonly created: boolean }>;
  /** In what an existing repository is not as wanted. What may not be asked is a drift whose `found` says so. */
  compareRepository(path: string, settings: RepositorySettings, signal: AbortSignal): Promise<readonly Drift[]>;
  /** What tags and digests name, one call for all; what is not in the answer is free. */
  findImages(
    path: string,
    names: readonly (Tag | Digest)[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, RegistryImage>>;
  /** Throws AWS_DENIED without ecr:GetDownloadUrlForLayer. Of an index, the config of its first image. undefined: none. */
  readConfig(path: string, image: RegistryImage, signal: AbortSignal): Promise<ImageConfig | undefined>;
  /** When the image was pushed, in milliseconds since the epoch; undefined: may not be asked (ecr:DescribeImages). */
  pushedAt(path: string, digest: Digest, signal: AbortSignal): Promise<number | undefined>;
  /**
   * Names an image that is in the repository (PutImage of the same manifest). That it has the tag already is as good.
   * Throws TAG_IMMUTABLE where the tag is another image's and may not move. Only for images whose manifest is known.
   */
  putTag(path: string, image: RegistryImage, tag: Tag, signal: AbortSignal): Promise<void>;
}

export type OpenEcr = (aws: AwsPlan, repository: RepositoryPlan, mask: Mask) => Promise<Ecr>;
export type OpenDocker = (plan: Plan, mask: Mask) => Promise<Docker>;

/** One FROM line that names an image (not a stage, not scratch). */
export interface BaseReference {
  readonly ref: string;
  /** Registry host, `docker.io` where none is written. */
  readonly host: string;
  /** `--platform=` of the line, where literal. */
  readonly platform: string | undefined;
  readonly line: number;
}

export interface SourceFacts {
  /** Text of the Dockerfile, for showing lines. */
  readonly dockerfile: string;
  readonly bases: readonly BaseReference[];
  /** Names and numbers of the stages; empty when the scanner is not sure. */
  readonly stages: readonly string[];
}

/** The job's sources on the agent's disk. */
export interface Sources {
  /** Throws CONTEXT_MISSING, DOCKERFILE_MISSING, DOCKERFILE_INVALID, BUILD_TARGET_MISSING, PATH_OUTSIDE. */
  inspect(build: BuildPlan, jobFolder: string, signal: AbortSignal): Promise<SourceFacts>;
  /** What the context holds, by names and sizes: no file is opened. `outputs` as in BuildRequest. */
  measure(build: BuildPlan, jobFolder: string, outputs: readonly string[], signal: AbortSignal): Promise<ContextReport>;
}

/** The files that a run leaves in the job's folder. */
export interface ResultFiles {
  /** Removes what an earlier run left; throws RESULT_FILE when this job run already wrote it for another repository. */
  begin(plan: Plan): Promise<void>;
  /** Writes what the outcome calls for, atomically; answers the paths written, relative to the job's folder. */
  finish(plan: Plan, outcome: Outcome, times: RunTimes): Promise<readonly string[]>;
}

export interface RunTimes {
  readonly startedAt: number;
  readonly endedAt: number;
  /** Milliseconds by phase name. */
  readonly phases: ReadonlyMap<string, number>;
}

export interface Ports {
  /** Of the plugin, for the first line of the log. */
  readonly version: string;
  /** What the plugin runs on: `Node v20.19.2 on linux x64`. */
  readonly runtime: string;
  readonly clock: Clock;
  readonly mask: Mask;
  readonly openEcr: OpenEcr;
  readonly openDocker: OpenDocker;
  readonly sources: Sources;
  readonly files: ResultFiles;
}
