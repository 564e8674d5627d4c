import type { DaemonInfo, LocalImage } from '../domain/daemon-info';
import { describeOrigin } from '../domain/origin';
import { ahead, HeldReport } from './ahead';
import type { Builder, Docker, SourceFacts } from './ports';
import type { RunTools } from './run-tools';
import { findBases, type LocalBases } from './steps/platform';
import { inspectSource } from './steps/source';

export interface DaemonFacts {
  readonly docker: Docker;
  readonly info: DaemonInfo;
  readonly bases: LocalBases;
  readonly maker: Maker;
}

/** What an image comes from: a build, or field Source, which is there. */
export type Maker =
  { readonly kind: 'build'; readonly builder: Builder } | { readonly kind: 'source'; readonly local: LocalImage };

/** All that is asked of the daemon before the build. Told only once it is clear that the run needs a daemon. */
export class DaemonSide {
  readonly held: HeldReport;
  readonly opened: Promise<Docker>;
  readonly described: Promise<DaemonInfo>;
  /** The image of field Source. */
  readonly local: Promise<LocalImage> | undefined;
  /** Once it has answered. */
  info: DaemonInfo | undefined;
  readonly #maker: Promise<Maker>;
  readonly #bases: Promise<LocalBases>;
  readonly #stop = new AbortController();

  constructor(
    private readonly tools: RunTools,
    source: SourceFacts,
  ) {
    const { plan, signal, report } = tools;
    const stop = (): void => this.#stop.abort(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    this.held = new HeldReport(report);
    this.opened = ahead(this.#open());
    this.described = this.#ask((docker) => this.#describe(docker));
    const from = plan.source;
    this.local = from === undefined ? undefined : ahead(this.#find(from));
    this.#maker = ahead(this.#make());
    this.#bases = this.#ask((docker) => findBases(source, docker, this.signal));
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** The first error counts in an order of its own, whichever came first. Who does not say what he is gets no more questions. */
  async ready(): Promise<DaemonFacts> {
    const docker = await this.opened;
    const info = await this.described.catch((error: unknown) => {
      this.#stop.abort(); // of a black hole, what else was asked would wait for ever
      throw error;
    });
    await Promise.allSettled([this.#maker, this.#bases]);
    return { docker, info, maker: await this.#maker, bases: await this.#bases };
  }

  /** Nobody needs the daemon: what is under way ends, and nothing of it is told. */
  leave(): void {
    this.#stop.abort();
    this.tools.docker?.close();
    this.tools.docker = undefined;
  }

  #ask<T>(question: (docker: Docker) => Promise<T>): Promise<T> {
    return ahead(this.opened.then(question));
  }

  async #open(): Promise<Docker> {
    const { plan, ports } = this.tools;
    const docker = await ports.openDocker(plan, ports.mask);
    if (this.signal.aborted) docker.close();
    else this.tools.docker = docker;
    return docker;
  }

  /** A daemon that does not answer at all says so in its description. */
  async #find(source: string): Promise<LocalImage> {
    const found = this.#ask((docker) => inspectSource(source, docker, this.held.report, this.signal));
    const [local] = await Promise.all([found, this.described]);
    return local;
  }

  async #make(): Promise<Maker> {
    if (this.local !== undefined) return { kind: 'source', local: await this.local };
    const docker = await this.opened;
    const builder = await docker.chooseBuilder(this.tools.plan.build, this.held.report, this.signal);
    return { kind: 'build', builder };
  }

  async #describe(docker: Docker): Promise<DaemonInfo> {
    const { plan, ledger } = this.tools;
    const { report } = this.held;
    const info = await docker.describe(this.signal);
    const { value, origin } = plan.daemon.display;
    this.info = info;
    ledger.daemonProven = `${value} (Engine ${info.engineVersion})`;
    report({ type: 'daemon-described', info, endpoint: value, origin: describeOrigin(origin) });
    for (const text of info.warnings) report({ type: 'note', text: `the daemon warns: ${text}` });
    return info;
  }
}
