import type { ECRClient } from '@aws-sdk/client-ecr';
import type { AwsPlan } from '../domain/plan';
import type { Mask } from '../pipeline/ports';
import { trustedCas } from './ca-bundle';
import { createCredentials } from './credentials';
import { createClient } from './ecr-client';
import type { Patience } from './ecr-client';
import { endpointOf } from './endpoint';
import { isolateEnvironment } from './environment';
import { toStepError } from './errors';
import type { Caller } from './error-texts';
import { repositoryArn } from './permissions';
import { readProfileFiles } from './profiles';
import { findRegion } from './region';
import { untilAborted } from './until-aborted';

/** One identity in one region, and the one way in which this room calls AWS. */
export interface AwsSession {
  readonly region: string;
  /** The account that the plan names; undefined: the credentials' own. */
  readonly accountId: string | undefined;
  /** A stand-in for AWS answers, so that the registry need not be one of ECR's. */
  readonly standIn: boolean;
  identity(signal: AbortSignal): Promise<string>;
  call<T>(what: WhatIsCalled, signal: AbortSignal, send: Send<T>): Promise<T>;
  /** The same identity, before the registry of another account or region. */
  elsewhere(registry: { readonly region: string; readonly accountId: string }): AwsSession;
}

export interface WhatIsCalled {
  /** `ecr:BatchGetImage` */
  readonly action: string;
  readonly repository?: string;
}

type Send<T> = (client: ECRClient, options: { readonly abortSignal: AbortSignal }) => Promise<T>;

/** Sends nothing. What is wrong with region or endpoint is said here. */
export async function openAws(
  aws: AwsPlan,
  accountId: string | undefined,
  mask: Mask,
  patience: Patience,
): Promise<AwsSession> {
  isolateEnvironment(aws);
  const files = await readProfileFiles();
  const region = findRegion(aws, files);
  const endpoint = endpointOf('ECR', region.name, files);
  const callerIn = (name: string, from: string, account: string | undefined): Caller => ({
    identity: credentials.identity(),
    region: name,
    regionFrom: from,
    accountId: account,
    endpoint: endpointOf('ECR', name, files),
  });
  const caller = (): Caller => callerIn(region.name, region.from, accountId);
  const credentials = createCredentials(aws, files, mask, patience.credentialsMs, caller);
  const cas = await trustedCas();
  const client = createClient(region.name, endpoint.url, cas, credentials.provide, patience);
  // One client, with its connections and its credentials, for each region.
  const clientIn = (name: string): ECRClient =>
    name === region.name ? client : createClient(name, endpoint.url, cas, client.config.credentials, patience);
  const identity = async (signal: AbortSignal): Promise<string> => {
    await untilAborted(() => client.config.credentials(), signal);
    return credentials.identity();
  };
  const open = (name: string, account: string | undefined, asCaller: () => Caller): AwsSession => ({
    region: name,
    accountId: account,
    standIn: endpoint.standIn,
    identity,
    call: callsWith(clientIn(name), name, account, asCaller),
    elsewhere: (other) =>
      open(other.region, other.accountId, () => callerIn(other.region, 'field RegistryLogins', other.accountId)),
  });
  return open(region.name, accountId, caller);
}

/** Calls AWS with that client; what it throws is a StepError, or the signal's reason. */
function callsWith(
  client: ECRClient,
  region: string,
  accountId: string | undefined,
  caller: () => Caller,
): AwsSession['call'] {
  const resourceOf = (path: string | undefined): string =>
    path === undefined ? '*' : repositoryArn(region, accountId, path);
  return async (what, signal, send) => {
    try {
      return await untilAborted(() => send(client, { abortSignal: signal }), signal);
    } catch (error) {
      signal.throwIfAborted();
      throw toStepError(error, { ...what, resource: resourceOf(what.repository), caller: caller() }, Date.now());
    }
  };
}
