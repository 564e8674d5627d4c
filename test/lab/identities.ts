import { randomBytes } from 'node:crypto';
import type { RoleOptions } from './orders';
import { Policies } from './policies';
import type { Clock } from './world';

/** Who an access key is. Any key is somebody: a user of the lab's account; keys of assumed roles are remembered. */

export interface Identity {
  readonly accessKeyId: string;
  readonly rootKeyId: string;
  readonly account: string;
  readonly arn: string;
  readonly userId: string;
  /** Whose policy counts: the key, or the role behind it */
  readonly holder: string;
}

export interface SessionKeys extends Identity {
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  expiresAt: number;
}

export interface Role extends RoleOptions {
  /** The access key of the test that made it: who comes without a key (web identity) is counted as it */
  readonly owner: string;
}

const hourSeconds = 3600;

export class Identities {
  readonly policies = new Policies();
  private readonly sessions = new Map<string, SessionKeys>();
  private readonly roles = new Map<string, Role>();

  constructor(
    private readonly account: string,
    private readonly clock: Clock,
  ) {}

  of(accessKeyId: string): Identity {
    const session = this.sessions.get(accessKeyId);
    if (session !== undefined) return session;
    const arn = `arn:aws:iam::${this.account}:user/lab`;
    const userId = 'AIDALABLABLABLABLABLA';
    return { accessKeyId, rootKeyId: accessKeyId, account: this.account, arn, userId, holder: accessKeyId };
  }

  rootOf(accessKeyId: string | null): string | null {
    return accessKeyId === null ? null : this.of(accessKeyId).rootKeyId;
  }

  session(accessKeyId: string): SessionKeys | undefined {
    return this.sessions.get(accessKeyId);
  }

  role(arn: string): Role | undefined {
    return this.roles.get(arn);
  }

  makeRole(arn: string, owner: string, options: RoleOptions): void {
    this.roles.set(arn, { ...options, owner });
    if (options.allowed !== undefined) this.policies.set(arn, options.allowed);
  }

  /** A role that nobody has made is one without a policy. */
  assume(roleArn: string, sessionName: string, caller: string | null, seconds = hourSeconds): SessionKeys {
    const [, account = this.account, role = 'role'] =
      /^arn:aws[^:]*:iam::(\d+):role\/(?:.*\/)?([^/]+)$/.exec(roleArn) ?? [];
    const accessKeyId = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
    const made = this.roles.get(roleArn);
    const session: SessionKeys = {
      accessKeyId,
      rootKeyId: this.rootOf(caller) ?? made?.owner ?? accessKeyId,
      account,
      arn: `arn:aws:sts::${account}:assumed-role/${role}/${sessionName}`,
      userId: `AROALABLABLABLABLABLA:${sessionName}`,
      holder: roleArn,
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken: randomBytes(120).toString('base64'),
      expiresAt: this.clock.now() + (made?.sessionSeconds ?? seconds) * 1000,
    };
    this.sessions.set(accessKeyId, session);
    return session;
  }

  /** Sessions of that key's roles end now, though their holders were promised more. */
  expireSessions(rootKeyId: string): void {
    for (const session of this.sessions.values()) {
      if (session.rootKeyId === rootKeyId) session.expiresAt = Math.min(session.expiresAt, this.clock.now());
    }
  }
}
