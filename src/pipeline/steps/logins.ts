import { StepError } from '../../domain/errors';
import type { BuildPlan, RegistryAccess } from '../../domain/plan';
import { normalHost, registryOf } from '../../domain/registry-host';
import { ahead } from '../ahead';
import type { Clock, Ecr, RegistryLogin, Report, SourceFacts } from '../ports';

type EcrAccess = Extract<RegistryAccess, { kind: 'ecr' }>;

/** The registries that a build may read and that are not the one it is pushed to: field RegistryLogins. */
export class Logins {
  readonly #found = new Map<string, RegistryLogin>();
  readonly #wanted: ReadonlySet<string>;
  /** Nothing may be concluded from what the Dockerfile's scanner did not find. */
  readonly #sure: boolean;
  #asked: readonly { readonly access: EcrAccess; readonly login: Promise<RegistryLogin> }[] = [];

  constructor(
    private readonly plan: BuildPlan,
    source: SourceFacts,
    /** Asked only where a login is an ECR registry's. */
    private readonly ecr: () => Promise<Ecr>,
    private readonly clock: Clock,
  ) {
    this.#wanted = hostsOf(plan, source);
    this.#sure = source.stages.length > 0;
    for (const access of plan.logins) if (access.kind === 'password') this.#keep(access.host, typed(access));
  }

  /** Asks AWS for the tokens that this build will need, all at once; whether that worked is told by `ready`. */
  prepare(signal: AbortSignal): void {
    const needed = this.plan.logins.filter((access) => access.kind === 'ecr').filter((access) => this.#needs(access));
    this.#asked = needed.map((access) => ({ access, login: ahead(this.#authorize(access, signal)) }));
  }

  /** Before the build: what cannot be logged in to is told now. */
  async ready(report: Report): Promise<void> {
    for (const { access, login } of this.#asked) this.#keep(access.host, await login);
    for (const access of this.plan.logins) {
      if (!this.#needs(access))
        report({ type: 'note', text: `RegistryLogins names ${access.host}, from which nothing in this build comes` });
    }
  }

  /** Credentials for that host and no other one; `pushed` are those of the registry that is pushed to. */
  find(host: string, pushed: RegistryLogin | undefined): RegistryLogin | undefined {
    const name = normalHost(host);
    return this.#found.get(name) ?? (pushed !== undefined && normalHost(pushed.host) === name ? pushed : undefined);
  }

  #needs({ host }: RegistryAccess): boolean {
    return !this.#sure || this.#wanted.has(normalHost(host));
  }

  #keep(host: string, login: RegistryLogin): void {
    this.#found.set(normalHost(host), login);
  }

  async #authorize(access: EcrAccess, signal: AbortSignal): Promise<RegistryLogin> {
    try {
      const ecr = await this.ecr();
      const login = await ecr.authorizeFor(access.registry, access.role, signal);
      if (login.expiresAt <= this.clock.now()) throw expired();
      return { ...login, host: access.host };
    } catch (error) {
      throw error instanceof StepError ? named(error, access) : error;
    }
  }
}

function typed({ host, username, password }: Extract<RegistryAccess, { kind: 'password' }>): RegistryLogin {
  return { host: normalHost(host), username, password, expiresAt: Number.MAX_SAFE_INTEGER };
}

function hostsOf(plan: BuildPlan, source: SourceFacts): ReadonlySet<string> {
  const caches = [...plan.cacheFrom, ...plan.cacheTo].map(({ ref }) => ref);
  const contexts = plan.contexts.map((context) => (context.source.kind === 'image' ? context.source.ref : undefined));
  const refs = [...caches, ...contexts].filter((ref) => ref !== undefined);
  return new Set([
    ...source.bases.map((base) => normalHost(base.host)),
    ...refs.map((ref) => normalHost(registryOf(ref))),
  ]);
}

/** Which of the task's registries it is about: the others may be well. */
function named(error: StepError, { host }: EcrAccess): StepError {
  const { code, hop, blame, message, hint, words, transient } = error;
  return new StepError(code, hop, blame, `Field RegistryLogins, ${host}: ${message}`, {
    ...(hint !== undefined && { hint }),
    ...(words !== undefined && { words }),
    cause: error,
    transient,
  });
}

function expired(): StepError {
  const message = 'the authorization token had expired when it arrived';
  return new StepError('ECR_TOKEN_EXPIRED', 'agent-aws', 'environment', message, {
    hint: "Correct the agent's clock (NTP)",
  });
}
