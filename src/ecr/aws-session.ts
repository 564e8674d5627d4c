import type { Agent } from 'node:http';
import type { ECRClient } from '@aws-sdk/client-ecr';
import type { EcrRegistry } from '../domain/ecr-registry';
import type { AwsPlan, RolePlan } from '../domain/plan';
import type { Mask } from '../pipeline/ports';
import { whoAsks } from './caller-identity';
import { createCredentials } from './credentials';
import type { Credentials } from './credentials';
import { createClient } from './ecr-client';
import type { Patience } from './patience';
import { addressOf, endpointOf } from './endpoint';
import type { Endpoint } from './endpoint';
import { isolateEnvironment } from './environment';
import { toStepError } from './errors';
import { openNetwork } from './network';
import { repositoryArn } from './permissions';
import { readProfileFiles } from './profiles';
import { findRegion } from './region';
import type { Region } from './region';
import { renewing } from './renewing';
import { assumeRole } from './roles';
import { callerOf } from './setting';
import type { Setting } from './setting';
import { sendSigned } from './signed-call';
import { untilAborted } from './until-aborted';

/** One identity in one region, and the one way in which this room calls AWS. */
export interface AwsSession {
  readonly region: string;
  /** The account that the plan names; undefined: the credentials' own. */
  readonly accountId: string | undefined;
  /** A stand-in for AWS answers, so that the registry need not be one of ECR's. */
  readonly standIn: boolean;
  /** The line to AWS, CAs and proxy, for what is fetched from it without the SDK. */
  readonly agent: Agent;
  identity(signal: AbortSignal): Promise<string>;
  call<T>(what: WhatIsCalled, signal: AbortSignal, send: Send<T>): Promise<T>;
  /** A call of ECR Public: the service has an API of its own. Answers the body. */
  callPublic(what: WhatIsCalled, body: string, signal: AbortSignal): Promise<string>;
  /** The base identity, or that role, before the registry of another account or region. */
  elsewhere(registry: Elsewhere, role: RolePlan | undefined): AwsSession;
}

export interface WhatIsCalled {
  /** `ecr:BatchGetImage` */
  readonly action: string;
  readonly repository?: string;
}

type Send<T> = (client: ECRClient, options: { readonly abortSignal: AbortSignal }) => Promise<T>;

type Elsewhere = Pick<EcrRegistry, 'kind' | 'region' | 'accountId'>;

/** Sends nothing. What is wrong with region, endpoint or proxy is said here. */
export async function openAws(
  aws: AwsPlan,
  accountId: string | undefined,
  mask: Mask,
  patience: Patience,
): Promise<AwsSession> {
  isolateEnvironment(aws);
  const files = await readProfileFiles();
  const region = findRegion(aws, files);
  endpointOf('ECR', region.name, files);
  const setting = { aws, files, mask, patience, region, network: await openNetwork(aws, mask, patience) };
  return new Sessions(setting).open(region, accountId, aws.role);
}

/** The sessions of one target: credentials are fetched once for each identity. */
class Sessions {
  private readonly base: Credentials;
  private readonly roles = new Map<string, Credentials>();

  constructor(private readonly setting: Setting) {
    this.base = createCredentials(setting);
  }

  open(region: Region, accountId: string | undefined, role: RolePlan | undefined): AwsSession {
    const credentials = this.credentialsOf(role);
    return new Session(this.setting, credentials, region, accountId, (other, itsRole) => {
      const from = other.kind === 'public' ? 'the one of ECR Public' : 'field RegistryLogins';
      if (other.region === region.name) return this.open(region, other.accountId, itsRole ?? role);
      return this.open({ name: other.region, from }, other.accountId, itsRole ?? role);
    });
  }

  /** A role is always assumed with the base credentials: one line's role is not another one's door. */
  private credentialsOf(role: RolePlan | undefined): Credentials {
    if (role === undefined) return this.base;
    const key = JSON.stringify([role.arn.value, role.externalId]);
    const known = this.roles.get(key) ?? assumeRole(role, this.base, this.setting);
    this.roles.set(key, known);
    return known;
  }
}

class Session implements AwsSession {
  readonly standIn: boolean;
  private readonly client: ECRClient;
  private who: Promise<string> | undefined;

  constructor(
    private readonly setting: Setting,
    private readonly credentials: Credentials,
    private readonly where: Region,
    readonly accountId: string | undefined,
    readonly elsewhere: AwsSession['elsewhere'],
  ) {
    const { files, network, patience } = setting;
    const { url, standIn } = endpointOf('ECR', where.name, files);
    this.standIn = standIn;
    this.client = createClient(where.name, url, network, credentials.provide, patience);
  }

  get region(): string {
    return this.where.name;
  }

  get agent(): Agent {
    return this.setting.network.agent;
  }

  async identity(signal: AbortSignal): Promise<string> {
    await untilAborted(() => this.credentials.provide(), signal);
    this.who ??= whoAsks(this.client, this.credentials.identity(), this.setting, signal);
    return untilAborted(() => this.who ?? Promise.resolve(''), signal);
  }

  call<T>(what: WhatIsCalled, signal: AbortSignal, send: Send<T>): Promise<T> {
    return this.calling(what, 'ECR', signal, () => send(this.client, { abortSignal: signal }));
  }

  callPublic(what: WhatIsCalled, body: string, signal: AbortSignal): Promise<string> {
    const url = addressOf(endpointOf('ECR_PUBLIC', this.region, this.setting.files), this.region);
    // The service's name in the JSON 1.1 protocol (its API model).
    const target = what.action.replace('ecr-public:', 'SpencerFrontendService.');
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target };
    const call = { service: 'ecr-public', region: this.region, url, headers, body };
    return this.calling(what, 'ECR_PUBLIC', signal, () => sendSigned(this.client, call, signal));
  }

  /** What it throws is a StepError, or the signal's reason. */
  private async calling<T>(
    what: WhatIsCalled,
    service: Endpoint['service'],
    signal: AbortSignal,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await untilAborted(() => renewing(this.credentials, work), signal);
    } catch (error) {
      signal.throwIfAborted();
      throw toStepError(error, { ...what, resource: this.resourceOf(what), caller: this.caller(service) }, Date.now());
    }
  }

  private caller(service: Endpoint['service']): ReturnType<typeof callerOf> {
    const { text } = this.credentials.identity();
    return callerOf(this.setting, service, text, { region: this.where, accountId: this.accountId });
  }

  private resourceOf({ repository }: WhatIsCalled): string {
    return repository === undefined ? '*' : repositoryArn(this.region, this.accountId, repository);
  }
}
