import {
  BatchGetImageCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  GetAuthorizationTokenCommand,
} from '@aws-sdk/client-ecr';
import type { AuthorizationData, GetAuthorizationTokenCommandInput } from '@aws-sdk/client-ecr';
import type { EcrRegistry } from '../domain/ecr-registry';
import { parseDigest } from '../domain/image-ref';
import type { Digest } from '../domain/image-ref';
import type { AwsPlan, RepositoryPlan } from '../domain/plan';
import type { Ecr, Mask, RegistryLogin, RepositoryFacts } from '../pipeline/ports';
import { readAuthorizationToken } from './authorization-token';
import { openAws } from './aws-session';
import type { AwsSession } from './aws-session';
import { PATIENCE } from './ecr-client';
import type { Patience } from './ecr-client';
import { incomplete, isDenied, isImageMissing } from './errors';
import { namedHost, typedHost, wantedAccount } from './registry-host';

// GetAuthorizationToken, API reference: "The authorization token is valid for 12 hours."
const TOKEN_LIFE_MS = 12 * 60 * 60_000;

/** All that a tag can name: asked for less, ECR converts the manifest or says there is none. */
const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
];

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
  constructor(
    private readonly session: AwsSession,
    private readonly repository: RepositoryPlan,
    private readonly mask: Mask,
  ) {}

  get region(): string {
    return this.session.region;
  }

  identity(signal: AbortSignal): Promise<string> {
    return this.session.identity(signal);
  }

  async authorize(signal: AbortSignal): Promise<RegistryLogin> {
    const typed = this.typedHost();
    const input = typed === undefined ? tokenFor(this.session.accountId) : {};
    const data = await this.token(this.session, input, signal);
    const login = this.read(data);
    return { ...login, host: typed ?? namedHost(data.proxyEndpoint ?? '', this.wanted()) };
  }

  /** Only for a registry that the plan names; a token that AWS calls another one's is not sent there (security.md 15). */
  async authorizeFor(registry: EcrRegistry, signal: AbortSignal): Promise<RegistryLogin> {
    const session = this.session.elsewhere(registry);
    const data = await this.token(session, tokenFor(registry.accountId), signal);
    const login = this.read(data);
    namedHost(data.proxyEndpoint ?? '', { ...registry, standIn: false });
    return { ...login, host: registry.host };
  }

  async describeRepository(path: string, signal: AbortSignal): Promise<RepositoryFacts> {
    const typed = this.typedHost();
    const action = 'ecr:DescribeRepositories';
    const { repositories } = await this.session.call({ action, repository: path }, signal, (client, options) =>
      client.send(new DescribeRepositoriesCommand({ ...this.registry(), repositoryNames: [path] }), options),
    );
    const found = repositories?.[0];
    if (found?.repositoryUri === undefined) throw incomplete(action, 'a repositoryUri');
    return {
      host: typed ?? namedHost(found.repositoryUri, this.wanted()),
      mutability: found.imageTagMutability ?? 'MUTABLE',
    };
  }

  /** BatchGetImage first: it is the one that AWS's documented push policy allows. */
  async findTag(path: string, tag: string, signal: AbortSignal): Promise<Digest | undefined> {
    try {
      return await this.batchGetImage(path, tag, signal);
    } catch (denied) {
      if (!isDenied(denied)) throw denied;
      return await this.describeImage(path, tag, signal).catch((error: unknown) => {
        throw isDenied(error) ? denied : error;
      });
    }
  }

  private async batchGetImage(path: string, tag: string, signal: AbortSignal): Promise<Digest | undefined> {
    const action = 'ecr:BatchGetImage';
    const input = {
      ...this.registry(),
      repositoryName: path,
      imageIds: [{ imageTag: tag }],
      acceptedMediaTypes: MANIFEST_TYPES,
    };
    const { images, failures } = await this.session.call({ action, repository: path }, signal, (client, options) =>
      client.send(new BatchGetImageCommand(input), options),
    );
    const failure = failures?.[0];
    if (failure?.failureCode === 'ImageNotFound') return undefined;
    const digest = parseDigest(images?.[0]?.imageId?.imageDigest);
    if (digest === undefined) throw incomplete(action, `a digest for tag ${tag}`, failure?.failureReason);
    return digest;
  }

  private async describeImage(path: string, tag: string, signal: AbortSignal): Promise<Digest | undefined> {
    const action = 'ecr:DescribeImages';
    const input = { ...this.registry(), repositoryName: path, imageIds: [{ imageTag: tag }] };
    const { imageDetails } = await this.session.call({ action, repository: path }, signal, (client, options) =>
      client.send(new DescribeImagesCommand(input), options).catch((error: unknown) => {
        if (isImageMissing(error)) return { imageDetails: [] };
        throw error;
      }),
    );
    if (imageDetails?.length === 0) return undefined;
    const digest = parseDigest(imageDetails?.[0]?.imageDigest);
    if (digest === undefined) throw incomplete(action, `a digest for tag ${tag}`);
    return digest;
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

  private registry(): { registryId?: string } {
    const { accountId } = this.session;
    return accountId === undefined ? {} : { registryId: accountId };
  }

  private typedHost(): string | undefined {
    return typedHost(this.repository, this.session.standIn);
  }

  private wanted(): Parameters<typeof namedHost>[1] {
    return this.session;
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
