import type { RegistryLogin } from '../ports';
import type { RunTools } from '../run-tools';
import { findDrift, findRepository, tellRepository, type FoundRepository } from '../steps/repository';
import { Target } from '../target';
import type { TargetRecord } from '../target-record';
import type { HopName, Hops, Telling, Tried } from './hops';

/** A target that has signed in. */
export interface SignedIn {
  readonly identity: string;
  /** What it tells by the way, its retries, is told with that hop from now on. */
  tellIn(telling: Telling): Target;
}

/** What AWS has told of one target. */
export interface CheckedTarget {
  /** Which of several. */
  readonly about: string | undefined;
  readonly record: TargetRecord;
  readonly signedIn: Tried<SignedIn>;
  readonly token: Tried<RegistryLogin>;
  readonly repository: Tried<FoundRepository>;
}

/** AWS identity, token, repository. */
export async function checkTarget(hops: Hops, tools: RunTools, record: TargetRecord): Promise<CheckedTarget> {
  const about = tools.ledger.targets.length > 1 ? record.name : undefined;
  const hop = (name: string): HopName => ({ name, hop: 'agent-aws', about });
  const signedIn = await hops.try(hop('aws'), (telling) => signIn(tools, record, telling));
  const token = await hops.try(hop('token'), (telling) => issue(tools, signedIn.get(), telling));
  const repository = await hops.try(hop('repository'), (telling) => lookUp(tools, signedIn.get(), telling));
  return { about, record, signedIn, token, repository };
}

async function signIn(tools: RunTools, record: TargetRecord, telling: Telling): Promise<SignedIn> {
  const { plan, ports, signal } = tools;
  const { repository, aws } = record.plan;
  let current = telling;
  const ecr = await ports.openEcr(aws, repository, ports.mask);
  const target = new Target(record, ecr, plan, ports, (event) => current.report(event));
  target.asking.tell();
  target.entering.tell();
  const identity = await target.ecr.identity(signal);
  const account = repository.registry?.accountId ?? aws.registryId?.value;
  telling.facts.push([account, ecr.region, identity].filter((part) => part !== undefined && part !== '').join(' '));
  telling.farEnd = identity;
  const tellIn = (next: Telling): Target => {
    current = next;
    return target;
  };
  return { identity, tellIn };
}

/** The first answer of ECR itself: who asks is known from files, or from STS. */
async function issue({ signal }: RunTools, { identity, tellIn }: SignedIn, telling: Telling): Promise<RegistryLogin> {
  const target = tellIn(telling);
  target.tokens.nameHost(target.plan.host);
  const login = await target.tokens.current(signal);
  target.record.awsProven = identity;
  target.record.registry = login.host;
  return login;
}

async function lookUp({ plan, signal }: RunTools, { tellIn }: SignedIn, telling: Telling): Promise<FoundRepository> {
  const target = tellIn(telling);
  const names = [...plan.tags, ...plan.floatingTags];
  // Only where the repository itself may not be looked up does this tell that there is none.
  const images = plan.creation.ifMissing ? target.ecr.findImages(target.path, names, signal) : Promise.resolve();
  images.catch(() => undefined);
  const repository = await findRepository(target, plan, images, signal);
  target.facts = repository.facts;
  const drift = await findDrift(target, plan, Promise.resolve(repository), signal);
  tellRepository(target, repository, drift, telling.report);
  return repository;
}
