import type { DaemonInfo } from '../domain/daemon-info';
import { ahead } from './ahead';
import { DaemonSide, type DaemonFacts } from './daemon-side';
import type { Ecr, RegistryLogin, Report, SourceFacts } from './ports';
import type { RunTools } from './run-tools';
import { steadyEcr } from './steady-ecr';
import { authenticate } from './steps/authenticate';
import { inspectTarget } from './steps/inspect-target';
import { Logins } from './steps/logins';
import { needsRegistry } from './steps/needs-aws';
import { checkPlatform } from './steps/platform';
import { Target } from './target';
import type { TargetRecord } from './target-record';
import { attempt, throwIfNoneIsLeft } from './targets';

/** What a run knows before it builds. */
export interface Preflight {
  /** Those that go on, in their order. */
  readonly targets: readonly EnteredTarget[];
  readonly source: SourceFacts;
  readonly logins: Logins;
  /** undefined: this run's image is everywhere already, and nobody waits for a daemon. */
  readonly daemon: DaemonFacts | undefined;
  /** Where the daemon has answered by now. */
  readonly info: DaemonInfo | undefined;
}

/** The daemon tries the login beside the look-ups; told in the login's phase. */
export interface EnteredTarget {
  readonly target: Target;
  readonly login: Promise<RegistryLogin>;
}

interface Started extends EnteredTarget {
  /** All is asked and told. */
  readonly ended: Promise<void>;
}

/** Field Source: there is no Dockerfile to read. */
const NOTHING: SourceFacts = { dockerfile: '', bases: [], stages: [] };

/** Everything that can be asked before the build, side by side: nothing waits but for what it needs. */
export async function preflight(tools: RunTools): Promise<Preflight> {
  const { plan, ports, report, signal, ledger } = tools;
  const builds = plan.source === undefined;
  // The job's own files first: what is wrong there needs no daemon and no AWS to be told.
  const source = builds ? await ports.sources.inspect(plan.build, plan.files.jobFolder, signal) : NOTHING;
  const side = new DaemonSide(tools, source);
  const records = needsRegistry(plan, source) ? ledger.targets : [];
  const starting = records.map((record) => ahead(start(tools, record, side)));
  const logins = loginsOf(tools, source, starting[0]);
  logins.prepare(signal);
  const [cloud] = await Promise.allSettled([inspectAll(tools, side, records, starting)]);
  const targets = cloud.status === 'fulfilled' ? cloud.value : [];
  if (builds && plan.mode === 'push' && targets.length > 0 && targets.every(({ target }) => target.image)) {
    side.leave();
    tellReused(targets, report);
    return { targets, source, logins, daemon: undefined, info: side.info };
  }
  side.held.tell();
  const daemon = await side.ready();
  if (cloud.status === 'rejected') throw cloud.reason;
  if (builds) checkPlatform(plan, daemon.info, daemon.bases, report);
  return { targets, source, logins, daemon, info: daemon.info };
}

/** The token is asked for at once, and shown to the daemon as soon as that has proved to be one. */
async function start(tools: RunTools, record: TargetRecord, side: DaemonSide): Promise<Started> {
  const { plan, ports, report, signal } = tools;
  const ecr = await ports.openEcr(record.plan.aws, record.plan.repository, ports.mask);
  const target = new Target(record, ecr, plan, ports, report);
  const { repository, ended } = inspectTarget(target, plan, side.local, signal);
  target.tokens.prepare(signal);
  const logIn = async (): Promise<RegistryLogin> => {
    const [docker] = await Promise.all([side.opened, side.described]);
    const { facts } = await repository; // where there is none, there is nothing to log in for
    target.tokens.nameHost(target.plan.host ?? facts?.host);
    return authenticate(target.tokens, docker, ports.clock, target.entering.report, side.signal);
  };
  return { target, login: ahead(logIn()), ended };
}

/** Told one after another, though all are asked at the same time. */
async function inspectAll(
  tools: RunTools,
  { local }: DaemonSide,
  records: readonly TargetRecord[],
  starting: readonly Promise<Started>[],
): Promise<readonly EnteredTarget[]> {
  const total = records.length;
  await local; // without it there is nothing that a target could fail for
  const targets: EnteredTarget[] = [];
  for (const [index, record] of records.entries()) {
    if (total > 1) tools.report({ type: 'target-started', name: record.name, index: index + 1, total });
    await attempt(tools, record, async () => {
      const started = await starting[index];
      started?.target.asking.tell();
      await started?.ended;
      if (started !== undefined) targets.push(started);
    });
  }
  if (total > 0) throwIfNoneIsLeft(tools);
  return targets;
}

/** Field RegistryLogins is about what a build reads, and is asked for as whoever the task is. */
function loginsOf(tools: RunTools, source: SourceFacts, main: Promise<Started> | undefined): Logins {
  const { plan, ports, report } = tools;
  const build = plan.source === undefined ? plan.build : { ...plan.build, logins: [] };
  let opened: Promise<Ecr> | undefined;
  const open = async (): Promise<Ecr> => {
    const ecr = await ports.openEcr(plan.aws, plan.repository, ports.mask);
    return steadyEcr(ecr, ports.clock, report);
  };
  const ask = (): Promise<Ecr> => (opened ??= main === undefined ? open() : main.then(({ target }) => target.ecr));
  return new Logins(build, source, ask, ports.clock);
}

function tellReused([first]: readonly EnteredTarget[], report: Report): void {
  const image = first?.target.image;
  if (image !== undefined) report({ type: 'image-reused', digest: image.digest, sizeBytes: image.sizeBytes });
}
