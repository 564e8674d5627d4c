import { randomBytes } from 'node:crypto';
import type { Clock } from './world';

export interface Token {
  /** A name that may be logged */
  readonly id: string;
  readonly password: string;
  /** It opens all registries of its region that its owner may see; null: of every region (the plain registry's) */
  readonly region: string | null;
  readonly accessKeyId: string | null;
  readonly rootKeyId: string | null;
  expiresAt: number;
}

export type Verdict = 'good' | 'expired' | 'unknown' | 'none';

const username = 'AWS';

/** The authorization tokens that the ECR endpoint has issued, and what they are worth at the registry. */
export class TokenBook {
  private readonly byPassword = new Map<string, Token>();

  constructor(private readonly clock: Clock) {}

  issue(of: Pick<Token, 'region' | 'accessKeyId' | 'rootKeyId'>, lifetimeSeconds: number): Token {
    // As long as the real ones, roughly; never with a character that base64 or a header would change.
    const password = randomBytes(96).toString('base64url');
    const expiresAt = this.clock.now() + lifetimeSeconds * 1000;
    const token: Token = { ...of, id: `token-${this.byPassword.size + 1}`, password, expiresAt };
    this.byPassword.set(password, token);
    return token;
  }

  expire(which: (token: Token) => boolean): void {
    for (const token of this.byPassword.values()) {
      if (which(token)) token.expiresAt = Math.min(token.expiresAt, this.clock.now());
    }
  }

  /** What was issued to a key, or to roles that it assumed: for proving that it is in no log. */
  passwordsOf(accessKeyId: string): readonly string[] {
    const own = (token: Token): boolean => [token.accessKeyId, token.rootKeyId].includes(accessKeyId);
    return [...this.byPassword.values()].filter(own).map((token) => token.password);
  }

  judge(authorization: string | undefined, region: string | null): { verdict: Verdict; token: Token | undefined } {
    if (authorization === undefined) return { verdict: 'none', token: undefined };
    const [scheme = '', encoded = ''] = authorization.split(' ');
    const [user = '', password = ''] = Buffer.from(encoded, 'base64').toString().split(/:(.*)/s);
    const token = scheme.toLowerCase() === 'basic' && user === username ? this.byPassword.get(password) : undefined;
    const opens = token !== undefined && (region === null || token.region === null || token.region === region);
    if (!opens) return { verdict: 'unknown', token: undefined };
    return { verdict: token.expiresAt > this.clock.now() ? 'good' : 'expired', token };
  }
}

/** What GetAuthorizationToken calls authorizationToken. */
export function encodedToken(token: Token): string {
  return Buffer.from(`${username}:${token.password}`).toString('base64');
}
