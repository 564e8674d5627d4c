import { StepError } from '../../domain/errors';
import { ahead } from '../ahead';
import { REGISTRY_BLIP, reasonOf, retry } from '../retry';
import type { Clock, Docker, Ecr, RegistryLogin, Report } from '../ports';

/** With less than this left, a push of big layers may outlive its token (ECR tokens live for 12 hours). */
const ENOUGH_MS = 15 * 60_000;

/** Holds the authorization token of one registry, and knows when it is time for a new one. */
export class TokenKeeper {
  #login: RegistryLogin | undefined;
  #early: Promise<RegistryLogin> | undefined;
  #host: string | undefined;

  constructor(
    private readonly ecr: Ecr,
    private readonly clock: Clock,
    private readonly report: Report,
    private readonly admit: (host: string) => void,
  ) {}

  /** The registry's host where the field or repositoryUri has told it; else it is the token's own. */
  nameHost(host: string | undefined): void {
    this.#host = host;
  }

  async current(signal: AbortSignal): Promise<RegistryLogin> {
    const login = this.#login;
    if (login !== undefined && login.expiresAt - this.clock.now() >= ENOUGH_MS) return login;
    return this.refresh(signal);
  }

  /** Asks for the first token ahead of its time; whether that worked is told when the token is wanted. */
  prepare(signal: AbortSignal): void {
    this.#early = ahead(this.ecr.authorize(signal));
  }

  async refresh(signal: AbortSignal): Promise<RegistryLogin> {
    const refreshed = this.#login !== undefined;
    const early = this.#early;
    this.#early = undefined;
    const issued = await (early ?? this.ecr.authorize(signal));
    const login = { ...issued, host: this.#host ?? issued.host };
    this.admit(login.host);
    if (login.expiresAt <= this.clock.now()) throw expiredOnArrival(login, this.clock.now());
    this.#login = login;
    this.report({ type: 'token-issued', registry: login.host, expiresAt: login.expiresAt, refreshed });
    return login;
  }
}

/** The daemon tries the login itself: this proves daemon → registry before minutes of building. */
export async function authenticate(
  tokens: TokenKeeper,
  docker: Docker,
  clock: Clock,
  report: Report,
  signal: AbortSignal,
): Promise<RegistryLogin> {
  const login = await tokens.current(signal);
  const attempt = (): Promise<void> => logIn(tokens, docker, signal);
  await retry(attempt, REGISTRY_BLIP, clock, signal, ({ error, ...rest }) =>
    report({ type: 'retrying', what: `login to ${login.host}`, ...rest, reason: reasonOf(error) }),
  );
  report({ type: 'daemon-login', registry: login.host, accepted: true });
  return login;
}

async function logIn(tokens: TokenKeeper, docker: Docker, signal: AbortSignal): Promise<void> {
  try {
    await docker.login(await tokens.current(signal), signal);
  } catch (error) {
    if (!isRejectedToken(error)) throw error;
    // ECR tokens are valid at once, but a token can die between two of our calls: one new one, then it is refused.
    await docker.login(await tokens.refresh(signal), signal);
  }
}

export function isRejectedToken(error: unknown): boolean {
  return (
    error instanceof StepError &&
    (error.code === 'PUSH_TOKEN_EXPIRED' ||
      error.code === 'PUSH_UNAUTHORIZED' ||
      error.code === 'REGISTRY_LOGIN_REFUSED')
  );
}

function expiredOnArrival(login: RegistryLogin, now: number): StepError {
  const expired = new Date(login.expiresAt).toISOString();
  return new StepError(
    'ECR_TOKEN_EXPIRED',
    'agent-aws',
    'environment',
    `The authorization token for ${login.host} had expired when it arrived: it ends at ${expired}, and this agent's clock says ${new Date(now).toISOString()}`,
    { hint: "Correct the agent's clock (NTP)" },
  );
}
