import { GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import type { AuthorizationData, GetAuthorizationTokenCommandInput } from '@aws-sdk/client-ecr';
import type { EcrRegistry } from '../domain/ecr-registry';
import type { Digest, Tag } from '../domain/image-ref';
import type { AwsPlan, RepositoryPlan, RolePlan } from '../domain/plan';
import type { ImageConfig, RegistryImage } from '../domain/registry-image';
import type { Drift, RepositorySettings } from '../domain/repository-settings';
import type { Ecr, Mask, RegistryLogin, RepositoryFacts } from '../pipeline/ports';
import { readAuthorizationToken } from './authorization-token';
import { openAws } from './aws-session';
import type { AwsSession } from './aws-session';
import { compareRepository } from './compare-repository';
import { RepositoryMaker } from './create-repository';
import { pushedAt } from './describe-images';
import { describeRepository, factsOf } from './describe-repository';
import { PATIENCE } from './patience';
import type { Patience } from './patience';
import { isDenied } from './errors';
import { findImages } from './find-images';
import {
  describePublic,
  findPublicImages,
  noPublicConfig,
  noPublicManifest,
  notCreated,
  publicPushedAt,
} from './public-registry';
import { publicToken } from './public-token';
import { putTag } from './put-tag';
import { readConfig } from './read-config';
import { namedHost, typedHost, wantedAccount } from './registry-host';

// GetAuthorizationToken, API reference: "The authorization token is valid for 12 hours."
const TOKEN_LIFE_MS = 12 * 60 * 60_000;

/** Opens AWS for one run; throws AWS_NO_REGION and what is wrong with the endpoint before anything is sent. */
export async function openEcr(
  aws: AwsPlan,
  repository: RepositoryPlan,
  mask: Mask,
  patience: Patience = PATIENCE,
): Promise<Ecr> {
  const session = await openAws(aws, wantedAccount(aws, repository), mask, patience);
  return new EcrAdapter(session, repository, mask);
}

class EcrAdapter implements Ecr {
  private readonly maker: RepositoryMaker;

  constructor(
    private readonly session: AwsSession,
    private readonly repository: RepositoryPlan,
    private readonly mask: Mask,
  ) {
    this.maker = new RepositoryMaker(session);
  }

  get region(): string {
    return this.session.region;
  }

  identity(signal: AbortSignal): Promise<string> {
    return this.session.identity(signal);
  }

  async authorize(signal: AbortSignal): Promise<RegistryLogin> {
    const { registry } = this.repository;
    if (registry?.kind === 'public') return this.authorizeFor(registry, undefined, signal);
    const typed = this.typedHost();
    const input = typed === undefined ? tokenFor(this.session.accountId) : {};
    const data = await this.token(this.session, input, signal);
    const login = this.read(data);
    return { ...login, host: typed ?? namedHost(data.proxyEndpoint ?? '', this.session) };
  }

  /** Only for a registry that the plan names; a token that AWS calls another one's is not sent there (security.md 15). */
  async authorizeFor(registry: EcrRegistry, role: RolePlan | undefined, signal: AbortSignal): Promise<RegistryLogin> {
    const session = this.session.elsewhere(registry, role);
    const { host } = registry;
    if (registry.kind === 'public') return { ...this.read(await publicToken(session, signal)), host };
    const data = await this.token(session, tokenFor(registry.accountId), signal);
    const login = this.read(data);
    namedHost(data.proxyEndpoint ?? '', { ...registry, standIn: false });
    return { ...login, host };
  }

  async describeRepository(path: string, signal: AbortSignal): Promise<RepositoryFacts> {
    const typed = this.typedHost();
    if (this.isPublic) return describePublic(this.session, typed ?? '', path, signal);
    const found = await describeRepository(this.session, path, signal);
    return factsOf(found, (uri) => typed ?? namedHost(uri, this.session));
  }

  async createRepository(
    path: string,
    settings: RepositorySettings | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly facts: RepositoryFacts; readonly created: boolean }> {
    if (this.isPublic) throw notCreated(path);
    const created = await this.maker.make(path, settings, signal);
    return { created, facts: await this.factsAfter(path, created, settings, signal) };
  }

  async compareRepository(path: string, settings: RepositorySettings, signal: AbortSignal): Promise<readonly Drift[]> {
    return this.isPublic ? [] : compareRepository(this.session, path, settings, signal);
  }

  async findImages(
    path: string,
    names: readonly (Tag | Digest)[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, RegistryImage>> {
    return (this.isPublic ? findPublicImages : findImages)(this.session, path, names, signal);
  }

  async readConfig(path: string, image: RegistryImage, signal: AbortSignal): Promise<ImageConfig | undefined> {
    if (this.isPublic) throw noPublicConfig();
    return readConfig(this.session, path, image, signal);
  }

  async pushedAt(path: string, digest: Digest, signal: AbortSignal): Promise<number | undefined> {
    return (this.isPublic ? publicPushedAt : pushedAt)(this.session, path, digest, signal);
  }

  async putTag(path: string, image: RegistryImage, tag: Tag, signal: AbortSignal): Promise<void> {
    if (this.isPublic) throw noPublicManifest();
    return putTag(this.session, path, image, tag, signal);
  }

  private async token(
    session: AwsSession,
    input: GetAuthorizationTokenCommandInput,
    signal: AbortSignal,
  ): Promise<AuthorizationData> {
    const what = { action: 'ecr:GetAuthorizationToken' };
    const { authorizationData } = await session.call(what, signal, (client, options) =>
      client.send(new GetAuthorizationTokenCommand(input), options),
    );
    return authorizationData?.[0] ?? {};
  }

  private read(data: AuthorizationData): Omit<RegistryLogin, 'host'> {
    const expiresAt = data.expiresAt?.getTime() ?? Date.now() + TOKEN_LIFE_MS;
    return { ...readAuthorizationToken(data.authorizationToken, this.mask), expiresAt };
  }

  /** Who may create a repository need not be allowed to describe it: what this run has set is known all the same. */
  private async factsAfter(
    path: string,
    created: boolean,
    settings: RepositorySettings | undefined,
    signal: AbortSignal,
  ): Promise<RepositoryFacts> {
    try {
      return await this.describeRepository(path, signal);
    } catch (error) {
      const host = this.typedHost();
      if (!isDenied(error) || host === undefined) throw error;
      const mutability = created ? (settings?.imageTagMutability ?? 'MUTABLE') : undefined;
      return { host, mutability, exclusions: created ? (settings?.imageTagMutabilityExclusionFilters ?? []) : [] };
    }
  }

  private get isPublic(): boolean {
    return this.repository.registry?.kind === 'public';
  }

  private typedHost(): string | undefined {
    return typedHost(this.repository, this.session.standIn);
  }
}

/**
 * registryIds is deprecated, because it changes nothing in what the token may do; but proxyEndpoint follows it, and
 * without a typed host that is where the name of another account's registry comes from.
 */
function tokenFor(accountId: string | undefined): GetAuthorizationTokenCommandInput {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
  return accountId === undefined ? {} : { registryIds: [accountId] };
}
