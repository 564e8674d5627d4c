import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAgent, type Agent } from '../lab/agent';
import { labOptions, startLab, type Lab } from '../lab/lab';
import { LabClient } from '../lab/lab-client';
import type { LabState } from '../lab/state';

// `npm run demo`: the jar, loaded through OSGi as a GoCD agent loads it, builds examples/hello on a real daemon and pushes
// it to a real registry; then that registry is asked for what it got.

const root = join(__dirname, '../..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const jar = join(root, `dist/gocd-ecr-task-${version}.jar`);
const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function play(state: LabState, agent: Agent, folder: string): Promise<boolean> {
  const client = new LabClient(() => state.adminUrl);
  const scope = client.scope();
  await client.repository('demo/hello');
  const fields = JSON.parse((await agent.configuration()).body ?? '{}') as object;
  say(`the plugin declares ${Object.keys(fields).length} fields; now GoCD asks it to execute:\n`);
  cpSync(join(root, 'examples/hello'), join(folder, 'pipelines/hello'), { recursive: true });
  const done = await agent.execute(
    {
      workingDirectory: 'pipelines/hello',
      config: {
        Repository: 'demo/hello',
        Tags: '${GO_PIPELINE_LABEL}',
        FloatingTags: 'latest',
        BuildArgs: `BASE=${state.baseImage}\nGREETING=Hello`,
        DockerHost: state.engine.unixUrl,
      },
      environmentVariables: {
        GO_PIPELINE_NAME: 'hello',
        GO_PIPELINE_COUNTER: '42',
        GO_PIPELINE_LABEL: '1.42',
        GO_STAGE_NAME: 'image',
        GO_STAGE_COUNTER: '1',
        GO_JOB_NAME: 'image',
        GO_REVISION: '3fa9c1d2e4b5a69788990011223344556677aabb',
        AWS_ACCESS_KEY_ID: scope.accessKeyId,
        AWS_SECRET_ACCESS_KEY: scope.secretAccessKey,
        AWS_REGION: state.registry.region,
      },
    },
    say,
  );
  if (!done.success) {
    say(done.message);
    return false;
  }
  const found = await client.image('demo/hello', '1.42');
  say(`\nthe registry, asked directly: ${state.registry.host}/demo/hello:1.42 is ${found?.digest ?? 'not there'}`);
  say(readFileSync(join(folder, 'pipelines/hello/ecr-image.env'), 'utf8').trim());
  return found !== null;
}

async function main(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'gocd-ecr-demo-'));
  let lab: Lab | undefined;
  let agent: Agent | undefined;
  try {
    lab = await startLab(labOptions(process.env));
    mkdirSync(join(folder, 'pipelines'), { recursive: true });
    const env = { PATH: process.env['PATH'] ?? '', HOME: folder, AWS_ENDPOINT_URL: lab.state.awsUrl };
    agent = await startAgent({ jar, workFolder: folder, env, pluginLog: join(folder, 'plugin.log') });
    return (await play(lab.state, agent, folder)) ? 0 : 1;
  } finally {
    await agent?.stop();
    await lab?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    say(String(error));
    process.exit(1);
  },
);
