import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startAgent, type Agent, type AgentOptions, type Execution } from '../lab/agent';
import { engineApi, lab, labClient } from '../lab/client';
import type { LabScope } from '../lab/lab-client';
import { assertNoLeak } from './leaks';
import { jar } from './products';

export { bundle, jar } from './products';

/** A folder of the test's own, gone with `remove`. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'gocd-ecr-e2e-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export interface E2eAgent extends Agent {
  readonly workFolder: string;
  readonly pluginLog: string;
  /** Stops the JVM and removes its folder. */
  end(): Promise<void>;
}

/** The jar in a JVM, as a GoCD agent has it, whose AWS is the lab's. */
export async function startE2eAgent(change: Partial<AgentOptions> = {}): Promise<E2eAgent> {
  await assertEngine();
  const folder = temporaryFolder();
  const pluginLog = join(folder.path, 'plugin.log');
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder.path, AWS_ENDPOINT_URL: lab().awsUrl, ...change.env };
  const agent = await startAgent({ jar, workFolder: folder.path, pluginLog, ...change, env });
  const end = async (): Promise<void> => {
    await agent.stop();
    folder.remove();
  };
  return { ...agent, workFolder: folder.path, pluginLog, end };
}

/** A test that passes on another engine than it was meant for proves nothing. */
async function assertEngine(): Promise<void> {
  const info = (await engineApi().json('GET', '/info')) as { ServerVersion: string; DriverStatus: unknown };
  const wanted = process.env['LAB_ENGINE'] ?? 'debian';
  const store = JSON.stringify(info.DriverStatus).includes('io.containerd.snapshotter.v1') ? 'containerd' : 'classic';
  expect(info.ServerVersion).toMatch(wanted === 'debian' ? /^20\.10\./ : /^29\./);
  expect(store).toBe(wanted === '29-containerd' ? 'containerd' : 'classic');
}

export type Files = Readonly<Record<string, string>>;

export const HELLO: Files = {
  Dockerfile: 'FROM lab/busybox:1\nCOPY hello.txt /hello.txt\nRUN cat /hello.txt\n',
  'hello.txt': 'hello\n',
};

/** For a run of a tag that is there: built anew and moved, where the default would find its own image and be done. */
export const REBUILD = { ExistingTag: 'overwrite' };

export interface ExecuteOptions {
  readonly variables?: Readonly<Record<string, string>>;
  readonly secure?: readonly string[];
  readonly onLine?: (line: string) => void;
}

/** One job of one pipeline: its folder, its repository, its identity at AWS. */
export class Scene {
  readonly scope: LabScope = labClient.scope();
  readonly workingDirectory = `pipelines/${this.scope.prefix}`;
  readonly folder: string;
  /** `host/prefix/app`, known to the lab's ECR. */
  repository = '';

  private constructor(private readonly agent: E2eAgent) {
    this.folder = join(agent.workFolder, this.workingDirectory);
    mkdirSync(this.folder, { recursive: true });
  }

  static async open(agent: E2eAgent, files: Files = HELLO): Promise<Scene> {
    const scene = new Scene(agent);
    scene.repository = await scene.scope.repository('app');
    scene.write(files);
    return scene;
  }

  write(files: Files): void {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), content);
    }
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  /** What GoCD gives the job, and this scene's AWS identity. */
  variables(): Record<string, string> {
    return {
      GO_PIPELINE_NAME: this.scope.prefix,
      GO_PIPELINE_COUNTER: '7',
      GO_PIPELINE_LABEL: '1.7',
      GO_STAGE_NAME: 'image',
      GO_STAGE_COUNTER: '1',
      GO_JOB_NAME: 'image',
      GO_REVISION: '3fa9c1d2e4b5a69788990011223344556677aabb',
      AWS_ACCESS_KEY_ID: this.scope.accessKeyId,
      AWS_SECRET_ACCESS_KEY: this.scope.secretAccessKey,
      AWS_REGION: lab().registry.region,
    };
  }

  /** Runs the job; whatever it was about, none of its secrets may be in anything that it left. */
  async execute(config: Readonly<Record<string, string>> = {}, options: ExecuteOptions = {}): Promise<Execution> {
    const done = await this.agent.execute(
      {
        config: { Repository: this.scope.name('app'), Tags: '1', DockerHost: lab().engine.unixUrl, ...config },
        workingDirectory: this.workingDirectory,
        environmentVariables: { ...this.variables(), ...options.variables },
        secureVariables: options.secure ?? [],
      },
      options.onLine,
    );
    const secrets = [this.scope.secretAccessKey, ...(await this.scope.passwords()), ...this.secretsOf(options)];
    assertNoLeak({ ...this.outputs(), console: done.lines.join('\n'), message: done.message }, secrets);
    return done;
  }

  private secretsOf({ variables = {}, secure = [] }: ExecuteOptions): readonly string[] {
    return secure.map((name) => variables[name] ?? '').filter((value) => value !== '');
  }

  /** Every file that a run leaves, and what the plugin logged. */
  outputs(): Record<string, string> {
    const names = readdirSync(this.folder).filter((name) => name.startsWith('ecr-image'));
    const log = existsSync(this.agent.pluginLog) ? readFileSync(this.agent.pluginLog, 'utf8') : '';
    return { ...Object.fromEntries(names.map((name) => [name, this.read(name)])), 'plugin log': log };
  }

  /** What the registry has under that tag, read behind everybody's back. */
  pushed(tag: string): ReturnType<typeof labClient.image> {
    return labClient.image(this.scope.name('app'), tag);
  }
}

/** The console without colours, for reading. */
export function plain(lines: readonly string[]): string {
  return lines.join('\n').replace(/\u001b\[[0-9;]*m/g, '');
}
