import type { AllowedHosts } from './allowed';
import type { EcrRegistry } from './ecr-registry';
import type { Tag } from './image-ref';
import type { Sourced } from './origin';
import type { RepositorySettings } from './repository-settings';
import type { RunMark } from './run-label';
import type { Secret } from './secret';
import type { SshDaemon } from './ssh-daemon';

export type Mode = 'push' | 'build' | 'check';

/** Everything a run will do, decided before it begins. Made by config, pure; nothing below parses text again. */
export interface Plan {
  readonly mode: Mode;
  readonly repository: RepositoryPlan;
  /** More places for the same image, in the order given; each is asked with its own region, account and role. */
  readonly alsoPushTo: readonly TargetPlan[];
  /** `allow.registries` of the agent's settings: also for a host that AWS tells. */
  readonly allowedRegistries: AllowedHosts;
  /** The identity of this run, in the order given; never empty. */
  readonly tags: readonly Tag[];
  /** Tags that are meant to move, put last; none of them is among `tags`. */
  readonly floatingTags: readonly Tag[];
  readonly existingTag: 'reuse' | 'overwrite' | 'fail';
  readonly creation: CreationPlan;
  /** An image on the daemon (reference or id) that is pushed instead of building one; undefined: build. */
  readonly source: string | undefined;
  readonly build: BuildPlan;
  readonly daemon: DaemonTarget;
  readonly aws: AwsPlan;
  readonly cleanup: 'own' | 'keep';
  /** For the whole task, in milliseconds; undefined: no limit of ours. */
  readonly timeoutMs: number | undefined;
  readonly files: FilesPlan;
  readonly run: RunIdentity;
  /** The fields that hold a value, as GoCD handed them over: it drops unknown keys without a word. */
  readonly fieldsSet: readonly FieldSet[];
  /** Things worth a line that are no problem: an ignored environment value, a build argument that has no variable. */
  readonly notes: readonly string[];
  /** What must never be shown, to be registered with the mask before anything else happens. */
  readonly secrets: readonly NamedSecret[];
}

export interface FieldSet {
  readonly name: string;
  /** Number of items of a list field. */
  readonly items?: number;
}

export interface NamedSecret {
  /** The variable's name, for messages. */
  readonly name: string;
  readonly value: Secret;
}

export interface RepositoryPlan {
  /** Registry host as typed, lower case, with port; undefined: AWS is asked. */
  readonly host: string | undefined;
  /** What the typed host tells, where it is an ECR host. */
  readonly registry: EcrRegistry | undefined;
  readonly path: string;
}

/** One place that the image goes to, and who asks AWS there. */
export interface TargetPlan {
  readonly repository: RepositoryPlan;
  readonly aws: AwsPlan;
}

export interface CreationPlan {
  /** Create a repository that is missing; else it is an error. */
  readonly ifMissing: boolean;
  /** What a new repository gets, and what an existing one is compared with; undefined: field is blank. */
  readonly settings: RepositorySettings | undefined;
}

export interface BuildPlan {
  /** Build context, relative to the job's folder or absolute. */
  readonly context: string;
  /** Dockerfile, relative to the job's folder or absolute (not to the context). */
  readonly dockerfile: string;
  readonly args: ReadonlyMap<string, string>;
  /** All labels, ours included. */
  readonly labels: ReadonlyMap<string, string>;
  readonly target: string | undefined;
  /** `os/arch[/variant]`. */
  readonly platform: string | undefined;
  readonly networkMode: string | undefined;
  /** `host:ip`, as the Engine API has them. */
  readonly extraHosts: readonly string[];
  readonly builder: 'auto' | 'buildkit' | 'classic';
  /** Every step anew, or those of the named stages (BuildKit); no names: the cache is used. */
  readonly noCache: 'all' | readonly string[];
  readonly pull: boolean;
  readonly shmSizeBytes: number | undefined;
  readonly ulimits: readonly Ulimit[];
  /** By id, as `RUN --mount=type=secret,id=…` names them (BuildKit). */
  readonly secrets: readonly BuildSecret[];
  /** By id, as `RUN --mount=type=ssh,id=…` names them (BuildKit). */
  readonly ssh: readonly SshAgent[];
  /** Registries other than the one that is pushed to, for FROM and caches. */
  readonly logins: readonly RegistryAccess[];
  readonly cacheFrom: readonly CacheEntry[];
  readonly cacheTo: readonly CacheEntry[];
  /** Named contexts, `FROM name` and `COPY --from=name` (BuildKit by Solve). */
  readonly contexts: readonly NamedContext[];
  /** The attestation's attributes, `mode=max`; undefined: none is made. */
  readonly provenance: string | undefined;
}

/** As the Engine API has it; -1 is unlimited. */
export interface Ulimit {
  readonly name: string;
  readonly soft: number;
  readonly hard: number;
}

// BuildKit's MaxSecretSize (session/secrets/secretsprovider/secretsprovider.go).
export const MOST_SECRET_BYTES = 500 * 1024;

export interface BuildSecret {
  readonly id: string;
  readonly from:
    | { readonly kind: 'value'; readonly variable: string; readonly value: Secret }
    /** Relative to the job's folder, or absolute where the field's literal text was. */
    | { readonly kind: 'file'; readonly path: string };
}

export interface SshAgent {
  readonly id: string;
  /** The agent's socket, absolute. */
  readonly socketPath: Sourced<string>;
}

/** Who may read a registry: a typed user, or whoever this task is at AWS. */
export type RegistryAccess =
  | { readonly kind: 'password'; readonly host: string; readonly username: string; readonly password: Secret }
  | {
      readonly kind: 'ecr';
      readonly host: string;
      readonly registry: EcrRegistry;
      /** Of the line; undefined: whoever the task is. */
      readonly role: RolePlan | undefined;
    };

export interface CacheEntry {
  readonly type: 'registry' | 'inline';
  /** Of `registry`. */
  readonly ref: string | undefined;
  /** What else was typed, `mode=max`, `image-manifest=true`: BuildKit's own names. */
  readonly attributes: ReadonlyMap<string, string>;
}

export interface NamedContext {
  readonly name: string;
  readonly source:
    /** Relative to the job's folder, or absolute. */
    { readonly kind: 'folder'; readonly path: string } | { readonly kind: 'image'; readonly ref: string };
}

/** Where the daemon is. Host and TLS come from one side: never a job's host with the agent's certificates. */
export type DaemonTarget =
  | { readonly kind: 'unix'; readonly socketPath: string; readonly display: Sourced<string> }
  | {
      readonly kind: 'tcp';
      readonly host: string;
      readonly port: number;
      readonly tls: TlsPlan | undefined;
      /** `tcp://host:port` without user info, and where it came from. */
      readonly display: Sourced<string>;
    }
  | SshDaemon;

export interface TlsPlan {
  /** Folder with ca.pem, cert.pem, key.pem; undefined: `pem`, else the system's CAs and no client certificate. */
  readonly certPath: Sourced<string> | undefined;
  /** Instead of the folder, never beside it. */
  readonly pem?: PemPlan;
  /** False only for a loopback daemon (DOCKER_TLS without DOCKER_TLS_VERIFY). */
  readonly verify: boolean;
}

/** PEM itself, from variables of a job or from the agent's settings file; all of one side. Origins name those. */
export interface PemPlan {
  readonly ca: Sourced<Secret> | undefined;
  readonly cert: Sourced<Secret> | undefined;
  readonly key: Sourced<Secret> | undefined;
}

export interface AwsPlan {
  readonly region: Sourced<string> | undefined;
  readonly registryId: Sourced<string> | undefined;
  /** Which side the credentials come from: all of them, never mixed. */
  readonly side: 'job' | 'agent';
  /** The variables of that side and its profile and endpoint variables, to resolve credentials from; nothing else. */
  readonly environment: ReadonlyMap<string, string>;
  /** Assumed with the credentials of that side; undefined: they are used as they are. */
  readonly role: RolePlan | undefined;
  /** The profile that field or variable names, with where it was named; also in `environment` as AWS_PROFILE. */
  readonly profile: Sourced<string> | undefined;
  /** How AWS is reached over a proxy, whole from one side; undefined: directly. */
  readonly proxy: ProxyPlan | undefined;
  /** True where AWS_ENDPOINT_URL or AWS_ENDPOINT_URL_ECR points to a stand-in for AWS. */
  readonly customEndpoint: boolean;
}

export interface RolePlan {
  readonly arn: Sourced<string>;
  readonly externalId: string | undefined;
  /** `gocd-<pipeline>-<counter>`, made legal. */
  readonly sessionName: string;
}

export interface ProxyPlan {
  /** HTTPS_PROXY; may hold a user and a password, and is shown without them. */
  readonly url: Secret;
  /** Without user info, and where it came from. */
  readonly display: Sourced<string>;
  /** NO_PROXY of the same side; empty: none. */
  readonly noProxy: string;
}

export interface FilesPlan {
  /** The job's working directory, absolute. */
  readonly jobFolder: string;
  /** Relative path of `ecr-image.json`; `.env`, `.log`, `.failed.json` have its stem. */
  readonly resultFile: string;
  /** All files that a run leaves, relative to the job's folder: removed at the start, never part of a context. */
  readonly outputs: readonly string[];
}

/** Which run this is, from GoCD's variables. Empty strings outside GoCD. */
export interface RunIdentity {
  /** GO_SERVER_URL. */
  readonly server: string;
  readonly pipeline: string;
  readonly counter: string;
  readonly label: string;
  readonly stage: string;
  readonly stageCounter: string;
  readonly job: string;
  /** GO_REVISION and GO_REVISION_<material>, by name. */
  readonly revisions: ReadonlyMap<string, string>;
  /** What the label of this run's image says; see run-label.ts. */
  readonly mark: RunMark;
  /** `host/path` or `path` of field Repository as it was typed: what an HMAC in the label is for. */
  readonly repository: string;
  /** Setting `reuse.key`. */
  readonly reuseKey: Secret | undefined;
  /** Names the task within its pipeline: hash of pipeline, stage, job, repository, Dockerfile, target, platform; 16 hex digits. */
  readonly taskKey: string;
}
