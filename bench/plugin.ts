import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startAgent, type Agent } from '../test/lab/agent';
import type { LabScope } from '../test/lab/lab-client';
import type { LabState } from '../test/lab/state';
import type { Contestant } from './contestant';
import { MemoryWatch } from './memory';
import type { Tree } from './tree';

/** Where the plugin runs, and as whom. */
export interface PluginPlace {
  readonly jar: string;
  /** The JVM's working directory; the job's folder is `pipelines/<name>` in it */
  readonly workFolder: string;
  readonly job: string;
  readonly state: LabState;
  readonly dockerHost: string;
  readonly scope: LabScope;
}

/** The plugin's phases in one measured run, in milliseconds. */
export type Phases = Readonly<Record<string, number>>;

/** Fields of a run that pushes this tag, beside Repository and DockerHost. */
export type TaskConfig = (tag: string) => Readonly<Record<string, string>>;

/** The jar in a JVM, as a GoCD agent has it. */
export class Plugin implements Contestant {
  /** Of the last run */
  phases: Phases = {};
  /** Of the last run: most memory over that of the idle spare, in MB */
  memory: number | undefined;
  #agent: Agent | undefined;
  #spare: number | undefined;

  /** `spare`: one JVM for all runs, whose spare process is up before each; else a new JVM for each run. */
  constructor(
    readonly name: string,
    readonly tree: Tree,
    readonly repository: string,
    private readonly place: PluginPlace,
    private readonly config: TaskConfig,
    private readonly spare: boolean,
  ) {}

  async ready(): Promise<void> {
    if (!this.spare) await this.stop();
    this.#agent ??= await this.#start();
  }

  async run(tag: string): Promise<void> {
    if (this.#agent === undefined) throw new Error(`${this.name}: no JVM`);
    const watch = this.#spare === undefined ? undefined : new MemoryWatch(this.#spare);
    const { success, message, lines } = await this.#agent.execute({
      config: { Repository: this.repository, DockerHost: this.place.dockerHost, ...this.config(tag) },
      workingDirectory: `pipelines/${this.place.job}`,
      environmentVariables: this.#variables(tag),
    });
    this.memory = watch?.stop();
    if (!success) throw new Error(`${this.name}: ${message}\n${lines.join('\n')}`);
  }

  done(): Promise<void> {
    const result = JSON.parse(readFileSync(join(this.tree.folder, 'ecr-image.json'), 'utf8')) as { phases: Phases };
    this.phases = result.phases;
    return Promise.resolve();
  }

  /** Is a process of the plugin up that has served nothing yet? Cold means that there is none. */
  async checkWarmth(): Promise<void> {
    const children = (await this.#agent?.descendants()) ?? [];
    if (children.length !== (this.spare ? 1 : 0))
      throw new Error(`${this.name}: ${children.length} processes are up before the run`);
    [this.#spare] = children;
  }

  async stop(): Promise<void> {
    await this.#agent?.stop();
    this.#agent = undefined;
  }

  #start(): Promise<Agent> {
    const { jar, workFolder, state } = this.place;
    const env = { PATH: process.env['PATH'] ?? '', HOME: workFolder, AWS_ENDPOINT_URL: state.awsUrl };
    return startAgent({ jar, workFolder, env, pluginLog: join(workFolder, 'plugin.log') });
  }

  // The label is the tag, which is the default of the field Tags; the image's labels say it too.
  #variables(label: string): Record<string, string> {
    const { job, scope, state } = this.place;
    return {
      GO_PIPELINE_NAME: job,
      GO_PIPELINE_COUNTER: label,
      GO_PIPELINE_LABEL: label,
      GO_STAGE_NAME: 'image',
      GO_STAGE_COUNTER: '1',
      GO_JOB_NAME: 'image',
      GO_REVISION: '3fa9c1d2e4b5a69788990011223344556677aabb',
      AWS_ACCESS_KEY_ID: scope.accessKeyId,
      AWS_SECRET_ACCESS_KEY: scope.secretAccessKey,
      AWS_REGION: state.registry.region,
    };
  }
}
