import { randomUUID } from 'node:crypto';
import * as http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { header, signatureOf, text, type AwsCall, type Operation, type Reply } from './aws-call';
import { AwsError } from './aws-errors';
import { authenticate, authorize, named } from './aws-gate';
import { imageOperations } from './ecr-images';
import { publicOperations } from './ecr-public';
import { getAuthorizationToken, repositoryOperations } from './ecr-repositories';
import { settingOperations } from './ecr-settings';
import { listen, readAll, type Listening } from './listening';
import type { AwsAction, AwsFault, AwsRecord } from './orders';
import { breakConnection } from './registry-faults';
import { stsError, stsOperations, stsReply } from './sts';
import type { World } from './world';

/** AWS as the SDK sees it: ECR (JSON 1.1) and STS (query) on one port, which AWS_ENDPOINT_URL names. */

const target = /^(AmazonEC2ContainerRegistry_V20150921|SpencerFrontendService)\.(\w+)$/;
const ecrOperations: Readonly<Record<string, Operation>> = {
  ...repositoryOperations,
  ...settingOperations,
  ...imageOperations,
};

const operations: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  sts: stsOperations,
  ecr: ecrOperations,
  'ecr-public': publicOperations,
};

function parse(request: http.IncomingMessage, body: string): Pick<AwsCall, 'service' | 'operation' | 'input'> {
  const [, api, operation] = target.exec(header(request, 'x-amz-target') ?? '') ?? [];
  if (operation !== undefined) {
    const service = api === 'SpencerFrontendService' ? 'ecr-public' : 'ecr';
    return { service, operation, input: JSON.parse(body || '{}') as AwsCall['input'] };
  }
  const form = Object.fromEntries(new URLSearchParams(body));
  return { service: 'sts', operation: form['Action'] ?? '', input: form };
}

function matches(fault: AwsFault, call: AwsCall): boolean {
  const { operation, accessKeyId, repository, region } = fault.match ?? {};
  const names = [text(call, 'repositoryName'), ...((call.input['repositoryNames'] as string[] | undefined) ?? [])];
  return (
    (operation === undefined || operation === call.operation) &&
    (accessKeyId === undefined || [call.accessKeyId, call.identity.rootKeyId].includes(accessKeyId)) &&
    (repository === undefined || names.includes(repository)) &&
    (region === undefined || region === call.region)
  );
}

class Endpoint {
  constructor(private readonly world: World) {}

  async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const body = (await readAll(request)).toString();
    if (request.method === 'GET') return this.layer(request, response);
    const call = this.callOf(request, body);
    const record = this.record(call, request);
    const fault = this.world.awsFaults.take((candidate) => matches(candidate, call));
    if (fault?.action === 'hang') return;
    if (fault?.action === 'reset') return breakConnection(request);
    const requestId = randomUUID();
    const send = (status: number, xml: string, json: unknown, errorType?: string): void => {
      record.status = status;
      const type = call.service === 'sts' ? 'text/xml' : 'application/x-amz-json-1.1';
      const date = new Date(this.world.clock.now()).toUTCString();
      const headers = { 'content-type': type, 'x-amzn-requestid': requestId, date };
      response.writeHead(status, { ...headers, ...(errorType !== undefined && { 'x-amzn-errortype': errorType }) });
      response.end(call.service === 'sts' ? xml : JSON.stringify(json));
    };
    try {
      const reply = await this.run(call, request, fault?.action);
      send(200, stsReply(call.operation, reply, requestId), reply);
    } catch (error) {
      const known = error instanceof AwsError ? error : new AwsError('ServerException', String(error), 500);
      record.error = known.code;
      send(known.status, stsError(known, requestId), { __type: known.code, message: known.message }, known.code);
    }
  }

  private callOf(request: http.IncomingMessage, body: string): AwsCall {
    const signature = signatureOf(request);
    const accessKeyId = signature?.accessKeyId ?? null;
    const identity = this.world.identities.of(accessKeyId ?? 'anonymous');
    const selfUrl = `http://${request.headers.host ?? ''}`;
    return { ...parse(request, body), accessKeyId, identity, region: signature?.region ?? '', selfUrl };
  }

  private record(call: AwsCall, request: http.IncomingMessage) {
    return this.world.record<AwsRecord>({
      on: 'aws',
      at: new Date(this.world.clock.now()).toISOString(),
      service: call.service,
      operation: call.operation,
      accessKeyId: call.accessKeyId,
      rootKeyId: this.rootOf(call),
      arn: call.identity.arn,
      sessionToken: header(request, 'x-amz-security-token'),
      region: call.region === '' ? null : call.region,
      clientDate: header(request, 'x-amz-date'),
      userAgent: header(request, 'user-agent'),
      input: call.input,
      status: 0,
      error: null,
    });
  }

  /** Who comes without a key is known by the role that it wants. */
  private rootOf(call: AwsCall): string | null {
    const { identities } = this.world;
    return identities.rootOf(call.accessKeyId) ?? identities.role(text(call, 'RoleArn') ?? '')?.owner ?? null;
  }

  private async run(call: AwsCall, request: http.IncomingMessage, action: AwsAction | undefined): Promise<Reply> {
    authenticate(call, request, this.world);
    if (typeof action === 'object' && 'delayMs' in action) await sleep(action.delayMs);
    if (typeof action === 'object' && 'error' in action) {
      const usual = named(action.error, call);
      throw new AwsError(usual.code, action.message ?? usual.message, action.status ?? usual.status);
    }
    authorize(call, this.world);
    if (typeof action === 'object' && 'tokenLifetimeSeconds' in action) {
      return getAuthorizationToken(call, this.world, action.tokenLifetimeSeconds);
    }
    const operation = operations[call.service]?.[call.operation];
    if (operation === undefined) throw new AwsError('UnknownOperationException', `the lab has no ${call.operation}`);
    const reply = await operation(call, this.world);
    return typeof action === 'object' && 'proxyEndpoint' in action ? elsewhere(reply, action.proxyEndpoint) : reply;
  }

  /** What GetDownloadUrlForLayer pointed to: needs no signature, like S3's signed URLs. */
  private async layer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const query = new URL(request.url ?? '', 'http://lab').searchParams;
    const site = this.world.siteOfHost(query.get('host') ?? undefined);
    const blob = await site.upstream.call('GET', `/v2/${query.get('name') ?? ''}/blobs/${query.get('digest') ?? ''}`);
    response.writeHead(blob.status, { 'content-type': 'application/octet-stream' }).end(blob.body);
  }
}

function elsewhere(reply: Reply, proxyEndpoint: string): Reply {
  const data = (reply['authorizationData'] ?? []) as Reply[];
  return { ...reply, authorizationData: data.map((one) => ({ ...one, proxyEndpoint })) };
}

export async function startEcrEndpoint(world: World): Promise<Listening> {
  const endpoint = new Endpoint(world);
  const server = http.createServer((request, response) => {
    endpoint.serve(request, response).catch(() => response.destroy());
  });
  return listen(server);
}
