/** What a running lab tells its users. Plain data: it crosses processes as JSON. */

export type EngineKind = 'debian' | '29-containerd' | '29-classic';
export const engineKinds: readonly EngineKind[] = ['debian', '29-containerd', '29-classic'];

export interface EngineState {
  readonly kind: EngineKind | 'external';
  readonly version: string;
  readonly apiVersion: string;
  readonly store: 'classic' | 'containerd';
  /** unix:///… */
  readonly unixUrl: string;
  /** tcp://127.0.0.1:port, plain, through a byte relay */
  readonly plainUrl: string;
  /** tcp://127.0.0.1:port, verified TLS; the client's files are in certFolder */
  readonly tlsUrl: string;
  /** ca.pem, cert.pem, key.pem */
  readonly certFolder: string;
  /** The same three files of another authority: the daemon refuses them, and they do not vouch for the daemon */
  readonly foreignCertFolder: string;
  /** 0: not started by the lab */
  readonly pid: number;
  /** '': not started by the lab */
  readonly logPath: string;
}

/** One registry of ECR: an account in a region, with the host under which daemons reach it. */
export interface RegistryState {
  readonly account: string;
  readonly region: string;
  /** host:port or a real ECR host name, as it stands in an image reference */
  readonly host: string;
  readonly url: string;
}

export interface LabState {
  readonly engine: EngineState;
  /** Plain http on loopback. Its account answers in every region. */
  readonly registry: RegistryState;
  /** Real ECR host names over TLS, known to the lab's own daemon only; empty with LAB_DOCKER_HOST */
  readonly ecrRegistries: readonly RegistryState[];
  /** A registry of somebody else: records who sends it credentials, serves nothing */
  readonly foreignHost: string;
  /** A registry of somebody else, with images for `privateUser` (private-registry.ts); records all credentials */
  readonly privateHost: string;
  /** AWS endpoint (ECR and STS), for AWS_ENDPOINT_URL */
  readonly awsUrl: string;
  readonly adminUrl: string;
  /** In the daemon's image store, with a shell; in no registry */
  readonly baseImage: string;
  /** Everything of this lab; gone after stop() */
  readonly folder: string;
}
