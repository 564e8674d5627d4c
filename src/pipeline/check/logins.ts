import type { RegistryAccess } from '../../domain/plan';
import type { Ecr, RegistryLogin } from '../ports';
import type { RunTools } from '../run-tools';
import { steadyEcr } from '../steady-ecr';
import { authenticate } from '../steps/authenticate';
import type { CheckedDaemon } from './daemon';
import type { Hops, Telling } from './hops';
import type { CheckedTarget } from './target';

const HOP = { name: 'login', hop: 'daemon-registry' } as const;

/** Whether the daemon may enter the registry that is pushed to. */
export async function checkLogin(
  hops: Hops,
  { ports, signal }: RunTools,
  { docker, info }: CheckedDaemon,
  { about, record, signedIn, token }: CheckedTarget,
): Promise<void> {
  await hops.try({ ...HOP, about }, async (telling) => {
    const [{ tellIn }, login] = [signedIn.get(), token.get()];
    info.get();
    const target = tellIn(telling);
    telling.farEnd = login.host;
    await authenticate(target.tokens, docker.get(), ports.clock, telling.report, signal);
    telling.facts.push(`the daemon's login at ${login.host} was accepted`);
    record.registryProven = true;
  });
}

/** The same for each registry that the build reads: field RegistryLogins. */
export async function checkRegistryLogins(hops: Hops, tools: RunTools, { docker, info }: CheckedDaemon): Promise<void> {
  const { plan, signal } = tools;
  for (const access of plan.build.logins) {
    await hops.try({ ...HOP, about: `RegistryLogins, ${access.host}` }, async (telling) => {
      info.get();
      telling.farEnd = access.host;
      const login = access.kind === 'password' ? typed(access) : await issued(tools, access, telling);
      await docker.get().login(login, signal);
      telling.facts.push(`the daemon's login as ${login.username} was accepted`);
    });
  }
}

function typed({ host, username, password }: Extract<RegistryAccess, { kind: 'password' }>): RegistryLogin {
  return { host, username, password, expiresAt: Number.MAX_SAFE_INTEGER };
}

async function issued(
  { plan, ports, signal }: RunTools,
  { host, registry, role }: Extract<RegistryAccess, { kind: 'ecr' }>,
  { report }: Telling,
): Promise<RegistryLogin> {
  const ecr: Ecr = await ports.openEcr(plan.aws, plan.repository, ports.mask);
  const login = await steadyEcr(ecr, ports.clock, report).authorizeFor(registry, role, signal);
  return { ...login, host };
}
