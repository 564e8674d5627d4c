import type { RegistryUpstream } from './debian-registry';
import { FaultBook } from './fault-book';
import { Identities } from './identities';
import type {
  AwsFault,
  AwsRecord,
  ForeignRecord,
  LabRecord,
  PrivateRecord,
  RegistryFault,
  RegistryRecord,
} from './orders';
import type { RepositoryBook } from './repository-book';
import type { RegistryState } from './state';
import { TokenBook, type Token, type Verdict } from './token-book';

/** The lab's clock; tests may set it wrong. */
export class Clock {
  offsetMs = 0;

  now(): number {
    return Date.now() + this.offsetMs;
  }
}

/** One registry of ECR, and what stands behind it. */
export interface Site extends RegistryState {
  readonly repositories: RepositoryBook;
  readonly upstream: RegistryUpstream;
}

type Writable<R> = { -readonly [K in keyof R]: R[K] };

/** All that the lab's servers know in common. */
export class World {
  readonly clock = new Clock();
  readonly tokens = new TokenBook(this.clock);
  readonly identities: Identities;
  readonly awsFaults = new FaultBook<AwsFault>();
  readonly registryFaults = new FaultBook<RegistryFault>();
  readonly sites: Site[] = [];
  /** In the order of arrival; status and error are filled in when the answer is known. */
  records: LabRecord[] = [];

  constructor(readonly homeAccount: string) {
    this.identities = new Identities(homeAccount, this.clock);
  }

  record<R extends AwsRecord | RegistryRecord | ForeignRecord | PrivateRecord>(record: R): Writable<R> {
    this.records.push(record);
    return record;
  }

  /** The home account answers in every region: its host says none. */
  site(account: string, region: string | null): Site | undefined {
    const own = this.sites.filter((site) => site.account === account);
    return own.find((site) => site.region === region) ?? (account === this.homeAccount ? own[0] : undefined);
  }

  judge(authorization: string | undefined, site: Site): { verdict: Verdict; token: Token | undefined } {
    return this.tokens.judge(authorization, site.account === this.homeAccount ? null : site.region);
  }

  siteOfHost(host: string | undefined): Site {
    const found = host === undefined ? this.sites[0] : this.sites.find((site) => site.host === host);
    if (found === undefined) throw new Error(`the lab has no registry ${host ?? ''}`);
    return found;
  }
}
