import { realpath } from 'node:fs/promises';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { ProducerRun } from '../context/producer-run';
import type { TarJob } from '../context/tar-job';
import type { ImageId } from '../domain/image-ref';
import type { BuildPlan, Plan } from '../domain/plan';
import type { Builder, BuildRequest, Mask, Report } from '../pipeline/ports';
import { checkBasePlatforms } from './base-platforms';
import { buildWithBuildKit } from './buildkit/build';
import { findSshAgents, readSecrets } from './buildkit/build-secrets';
import { chooseBuilder, wantsBuildKit } from './buildkit/choose-builder';
import { ContextTransfer } from './buildkit/context-transfer';
import { sharedKey } from './buildkit/file-sync/shared-key';
import type { SyncJob } from './buildkit/file-sync/sync-job';
import { openFolders } from './buildkit/folders';
import { openSession, type BuildKitSession } from './buildkit/session';
import { buildClassic } from './classic/build';
import type { Endpoint } from './endpoint';

/** Where contexts are read: a worker, or this thread. */
export type RunContextJob = (job: TarJob | SyncJob) => ProducerRun;

export interface BuilderTools {
  readonly endpoint: Endpoint;
  readonly plan: Pick<Plan, 'files' | 'run'>;
  readonly mask: Mask;
  readonly run: RunContextJob;
}

/** The builders of one daemon, of which one run uses one. */
export class Builders {
  #session: BuildKitSession | undefined;

  constructor(private readonly tools: BuilderTools) {}

  /** Opening a session is how BuildKit is found; that session is the build's. */
  async choose(plan: BuildPlan, report: Report, signal: AbortSignal): Promise<Builder> {
    const session = wantsBuildKit(plan) ? await this.#open(plan, signal) : undefined;
    const choice = chooseBuilder(plan, session);
    report({ type: 'builder-chosen', ...choice });
    if (session === undefined || session.kind === 'none' || choice.builder === 'classic') return this.#classic();
    return { name: 'buildkit', build: (...build) => this.#buildKit(session, ...build) };
  }

  close(): void {
    this.#session?.close();
  }

  async #open(plan: BuildPlan, signal: AbortSignal): ReturnType<typeof openSession> {
    const { endpoint } = this.tools;
    const session = await openSession(endpoint, { sharedKey: await this.#slot(plan) }, signal);
    if (session.kind !== 'none') this.#session = session;
    return session;
  }

  async #slot({ context }: BuildPlan): Promise<string> {
    const { files, run } = this.tools.plan;
    const path = resolve(files.jobFolder, context);
    const root = await realpath(path).catch(() => path);
    return sharedKey({ agent: hostname(), server: run.server, pipeline: run.pipeline, root });
  }

  #classic(): Builder {
    const { endpoint, mask, run } = this.tools;
    return {
      name: 'classic',
      build: async (request, report, signal) => {
        await checkBasePlatforms(endpoint, request, mask, signal);
        return buildClassic(endpoint, request, { mask, run }, report, signal);
      },
    };
  }

  async #buildKit(
    session: BuildKitSession,
    request: BuildRequest,
    report: Report,
    signal: AbortSignal,
  ): Promise<ImageId> {
    const { endpoint, mask, run } = this.tools;
    const { plan, jobFolder } = request;
    const transfer = new ContextTransfer(report);
    const [secrets, sshAgents, { folders, dockerfile }] = await Promise.all([
      readSecrets(plan, jobFolder, mask),
      findSshAgents(plan),
      openFolders(
        request,
        (job) => transfer.watched(run(job)),
        (begun) => transfer.begun(begun),
      ),
      checkBasePlatforms(endpoint, request, mask, signal),
    ]);
    const login = (host: string): ReturnType<BuildRequest['login']> => request.login(host);
    const build = {
      request,
      offer: { secrets, sshAgents, folders, login },
      dockerfile,
      failure: () => transfer.failure,
    };
    try {
      return await buildWithBuildKit(endpoint, session, build, report, signal);
    } finally {
      for (const asked of session.refused) {
        report({
          type: 'note',
          text: `the daemon asked the build session for something that the plan does not offer: ${asked}`,
        });
      }
      session.close();
    }
  }
}
