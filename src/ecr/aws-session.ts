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
  const caller = (): Caller => ({
    identity: credentials.identity(),
    region: region.name,
    regionFrom: region.from,
    accountId,
    endpoint,
  });
  const credentials = createCredentials(aws, files, mask, patience.credentialsMs, caller);
  const client = createClient(region.name, endpoint.url, await trustedCas(), credentials.provide, patience);
  const resourceOf = (path: string | undefined): string =>
    path === undefined ? '*' : repositoryArn(region.name, accountId, path);

  const call: AwsSession['call'] = async (what, signal, send) => {
    try {
      return await untilAborted(() => send(client, { abortSignal: signal }), signal);
    } catch (error) {
      signal.throwIfAborted();
      throw toStepError(error, { ...what, resource: resourceOf(what.repository), caller: caller() }, Date.now());
    }
  };
  const identity = async (signal: AbortSignal): Promise<string> => {
    await untilAborted(() => client.config.credentials(), signal);
    return credentials.identity();
  };
  return { region: region.name, accountId, standIn: endpoint.standIn, identity, call };
}
