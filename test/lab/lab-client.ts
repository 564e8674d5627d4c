import { randomBytes } from 'node:crypto';
import * as http from 'node:http';
import type {
  AwsFault,
  AwsRecord,
  Fault,
  ForeignRecord,
  LabImage,
  LabRecord,
  LabToken,
  Order,
  PrivateRecord,
  RegistryFault,
  RegistryRecord,
  RepositoryOptions,
  RoleOptions,
} from './orders';

function post(url: string, order: Order): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = http.request(`${url}/admin`, { method: 'POST', agent: false }, (reply) => {
      let body = '';
      reply.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      reply.on('end', () => {
        if (reply.statusCode === 200) resolve(JSON.parse(body));
        else reject(new Error(`the lab refused ${order.command}: ${body}`));
      });
    });
    request.on('error', reject);
    request.end(JSON.stringify(order));
  });
}

/** What tests ask of the lab. All of it is one lab for all tests that run at once: use a LabScope to stay apart. */
export class LabClient {
  constructor(private readonly url: () => string) {}

  private send(order: Order): Promise<unknown> {
    return post(this.url(), order);
  }

  async fault(fault: Fault): Promise<void> {
    await this.send({ command: 'fault', fault });
  }

  /** Creates it, or changes its mutability; returns `host/name`. */
  async repository(name: string, options: RepositoryOptions = {}): Promise<string> {
    return (await this.send({ command: 'repository', name, options })) as string;
  }

  async requests(): Promise<LabRecord[]> {
    return (await this.send({ command: 'requests' })) as LabRecord[];
  }

  /** With a key: only its faults and records. Without: those of all, and the clock; repositories and tokens stay. */
  async reset(accessKeyId?: string): Promise<void> {
    await this.send({ command: 'reset', ...(accessKeyId !== undefined && { accessKeyId }) });
  }

  async expireTokens(accessKeyId?: string): Promise<void> {
    await this.send({ command: 'expireTokens', ...(accessKeyId !== undefined && { accessKeyId }) });
  }

  /** From now on that key may do these actions and nothing else. */
  async policy(accessKeyId: string, allowed: readonly string[]): Promise<void> {
    await this.send({ command: 'policy', accessKeyId, allowed });
  }

  async role(arn: string, owner: string, options: RoleOptions): Promise<void> {
    await this.send({ command: 'role', arn, owner, options });
  }

  /** Sessions of roles that the key assumed end now, whatever their owners were told. */
  async expireSessions(accessKeyId: string): Promise<void> {
    await this.send({ command: 'expireSessions', accessKeyId });
  }

  async passwords(accessKeyId: string): Promise<readonly string[]> {
    return (await this.send({ command: 'passwords', accessKeyId })) as string[];
  }

  /** A good login for a registry, without the ECR endpoint. */
  async token(options: { host?: string; lifetimeSeconds?: number } = {}): Promise<LabToken> {
    return (await this.send({ command: 'token', ...options })) as LabToken;
  }

  /** What the registry has under a tag or digest, read behind its back. */
  async image(repository: string, reference: string, host?: string): Promise<LabImage | null> {
    const where = host === undefined ? {} : { host };
    return (await this.send({ command: 'image', repository, reference, ...where })) as LabImage | null;
  }

  async tags(repository: string, host?: string): Promise<string[]> {
    return (await this.send({ command: 'tags', repository, ...(host !== undefined && { host }) })) as string[];
  }

  /** Sets the clock of AWS and the registry; tokens expire by it, signatures are judged by it. For all tests at once. */
  async clock(offsetMs: number): Promise<void> {
    await this.send({ command: 'clock', offsetMs });
  }

  scope(): LabScope {
    return new LabScope(this);
  }
}

/** A test's own corner of the lab: an access key and a name space nobody else uses. Faults hit only its calls. */
export class LabScope {
  /** For AWS_ACCESS_KEY_ID; any secret goes with it */
  readonly accessKeyId = `AKIA${randomBytes(8).toString('hex').toUpperCase()}`;
  readonly secretAccessKey = randomBytes(20).toString('hex');
  readonly prefix = `t${randomBytes(5).toString('hex')}`;

  constructor(readonly client: LabClient) {}

  /** A name of its own: `t1a2b3c4d5/app` */
  name(name: string): string {
    return `${this.prefix}/${name}`;
  }

  /** Creates `this.name(name)`; returns `host/prefix/name`. */
  repository(name: string, options?: RepositoryOptions): Promise<string> {
    return this.client.repository(this.name(name), options);
  }

  fault(fault: Fault): Promise<void> {
    const mine = { accessKeyId: this.accessKeyId };
    return this.client.fault(
      fault.on === 'aws'
        ? ({ ...fault, match: { ...fault.match, ...mine } } satisfies AwsFault)
        : ({ ...fault, match: { ...fault.match, ...mine } } satisfies RegistryFault),
    );
  }

  async awsRequests(): Promise<AwsRecord[]> {
    const all = await this.client.requests();
    return all.filter((record) => record.on === 'aws').filter((record) => record.rootKeyId === this.accessKeyId);
  }

  /** Those with this scope's tokens, and those for its repositories. */
  async registryRequests(): Promise<RegistryRecord[]> {
    const all = await this.client.requests();
    const mine = (record: RegistryRecord) =>
      record.rootKeyId === this.accessKeyId || record.path.includes(`/${this.prefix}/`);
    return all.filter((record) => record.on === 'registry').filter(mine);
  }

  /** What the foreign registry got for repositories of this scope's names, and for no repository at all. */
  async foreignRequests(): Promise<ForeignRecord[]> {
    const all = await this.client.requests();
    const mine = (path: string) => path.includes(`/${this.prefix}/`) || /^\/v2\/?(\?|$)/.test(path);
    return all.filter((record) => record.on === 'foreign').filter((record) => mine(record.path));
  }

  /** What the private registry got for repositories of this scope's names, and for no repository at all. */
  async privateRequests(): Promise<PrivateRecord[]> {
    const all = await this.client.requests();
    const mine = (path: string) => path.includes(`/${this.prefix}/`) || /^\/v2\/?(\?|$)/.test(path);
    return all.filter((record) => record.on === 'private').filter((record) => mine(record.path));
  }

  expireTokens(): Promise<void> {
    return this.client.expireTokens(this.accessKeyId);
  }

  /** What this scope's own key may do from now on, and nothing else. */
  allow(actions: readonly string[]): Promise<void> {
    return this.client.policy(this.accessKeyId, actions);
  }

  /** Makes a role of this scope's; returns its ARN. */
  async role(name: string, options: RoleOptions & { readonly account: string }): Promise<string> {
    const { account, ...rest } = options;
    const arn = `arn:aws:iam::${account}:role/${this.prefix}-${name}`;
    await this.client.role(arn, this.accessKeyId, rest);
    return arn;
  }

  expireSessions(): Promise<void> {
    return this.client.expireSessions(this.accessKeyId);
  }

  /** The password of every token that this scope's identity was given. */
  passwords(): Promise<readonly string[]> {
    return this.client.passwords(this.accessKeyId);
  }

  reset(): Promise<void> {
    return this.client.reset(this.accessKeyId);
  }
}
