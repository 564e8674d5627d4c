import { randomBytes } from 'node:crypto';

/** Who an access key is. Any key is somebody: a user of the lab's account; keys of assumed roles are remembered. */

export interface Identity {
  readonly accessKeyId: string;
  readonly rootKeyId: string;
  readonly account: string;
  readonly arn: string;
  readonly userId: string;
}

export interface SessionKeys extends Identity {
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export class Identities {
  private readonly sessions = new Map<string, SessionKeys>();

  constructor(private readonly account: string) {}

  of(accessKeyId: string): Identity {
    const session = this.sessions.get(accessKeyId);
    if (session !== undefined) return session;
    const arn = `arn:aws:iam::${this.account}:user/lab`;
    return { accessKeyId, rootKeyId: accessKeyId, account: this.account, arn, userId: 'AIDALABLABLABLABLABLA' };
  }

  rootOf(accessKeyId: string | null): string | null {
    return accessKeyId === null ? null : this.of(accessKeyId).rootKeyId;
  }

  session(accessKeyId: string): SessionKeys | undefined {
    return this.sessions.get(accessKeyId);
  }

  assume(roleArn: string, sessionName: string, caller: string | null): SessionKeys {
    const [, account = this.account, role = 'role'] =
      /^arn:aws[^:]*:iam::(\d+):role\/(?:.*\/)?([^/]+)$/.exec(roleArn) ?? [];
    const accessKeyId = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
    const session: SessionKeys = {
      accessKeyId,
      rootKeyId: this.rootOf(caller) ?? accessKeyId,
      account,
      arn: `arn:aws:sts::${account}:assumed-role/${role}/${sessionName}`,
      userId: `AROALABLABLABLABLABLA:${sessionName}`,
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken: randomBytes(120).toString('base64'),
    };
    this.sessions.set(accessKeyId, session);
    return session;
  }
}
