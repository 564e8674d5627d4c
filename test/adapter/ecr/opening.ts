import './one-realm';
import { openEcr } from '../../../src/ecr/ecr-adapter';
import type { Patience } from '../../../src/ecr/patience';
import { parseEcrHost } from '../../../src/domain/ecr-registry';
import { StepError } from '../../../src/domain/errors';
import type { AwsPlan, ProxyPlan, RepositoryPlan, RolePlan } from '../../../src/domain/plan';
import type { Secret } from '../../../src/domain/secret';
import type { Ecr, Mask } from '../../../src/pipeline/ports';

export const ACCESS_KEY = 'AKIAEXAMPLEKEY003F2A';
export const SECRET_KEY = 'not-a-secret-of-anybody-0123456789';
export const HOST = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';
export const TOKEN = Buffer.from('AWS:the-registry-password').toString('base64');

/** Never aborted. */
export const calm = new AbortController().signal;

export interface Opening {
  readonly endpoint?: string;
  readonly side?: 'job' | 'agent';
  readonly environment?: Readonly<Record<string, string>>;
  readonly region?: string | null;
  readonly registryId?: string;
  readonly host?: string;
  readonly role?: RolePlan;
  readonly profile?: AwsPlan['profile'];
  readonly proxy?: ProxyPlan;
  readonly patience?: Patience;
}

/** Where secrets go to be masked, kept for looking at. */
export class SecretKeeper implements Mask {
  readonly known = new Map<string, string>();
  register(name: string, secret: Secret): void {
    this.known.set(name, secret.reveal());
  }
}

export const KEYS = { AWS_ACCESS_KEY_ID: ACCESS_KEY, AWS_SECRET_ACCESS_KEY: SECRET_KEY };

/** The adapter as the composition root opens it: keys of the job, region of a field, no typed host, unless told otherwise. */
export async function open(opening: Opening, mask: Mask = new SecretKeeper()): Promise<Ecr> {
  const { endpoint, host, registryId, region = 'eu-west-1' } = opening;
  const endpoints: Record<string, string> = endpoint === undefined ? {} : { AWS_ENDPOINT_URL_ECR: endpoint };
  const aws: AwsPlan = {
    region: region === null ? undefined : { value: region, origin: { kind: 'field', name: 'Region' } },
    registryId:
      registryId === undefined ? undefined : { value: registryId, origin: { kind: 'field', name: 'RegistryId' } },
    side: opening.side ?? 'job',
    environment: new Map(Object.entries({ ...endpoints, ...(opening.environment ?? KEYS) })),
    role: opening.role,
    profile: opening.profile,
    proxy: opening.proxy,
    customEndpoint: endpoint !== undefined,
  };
  const registry = host === undefined ? undefined : parseEcrHost(host);
  const repository: RepositoryPlan = { host, registry, path: 'team/app' };
  return openEcr(aws, repository, mask, opening.patience);
}

export interface Told {
  readonly code: string;
  readonly hop: string;
  readonly blame: string;
  readonly message: string;
  readonly hint: string | undefined;
  readonly words: string | undefined;
  readonly transient: boolean;
}

/** All that a StepError tells; anything else thrown fails the test. */
export async function told(work: Promise<unknown>): Promise<Told> {
  const error: unknown = await work.then(
    () => 'it did not fail',
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StepError);
  const { code, hop, blame, message, hint, words, transient } = error as StepError;
  return { code, hop, blame, message, hint, words, transient };
}
