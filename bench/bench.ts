import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLab, type Lab } from '../test/lab/lab';
import { LabClient } from '../test/lab/lab-client';
import { benchOptions, type BenchOptions } from './options';
import { findPeers, Peers } from './peers';
import { Plugin } from './plugin';
import { markLines, phaseTable, resultTable } from './report';
import { Rounds } from './rounds';
import { SmallImage } from './small-image';

// `npm run bench`: a small image, changed and unchanged, built and pushed by the plugin and by the docker CLI, in turns.
// What it measures is one machine at one time: only the ratios mean something elsewhere.

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const jar = join(process.cwd(), `dist/gocd-ecr-task-${version}.jar`);
const say = (...lines: string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);

const WITH_SPARE = 'plugin, with spare';

async function open(lab: Lab, peers: Peers, client: LabClient, workFolder: string) {
  const { state } = lab;
  const repository = async (job: string): Promise<string> => {
    await client.repository(`bench/${job}`);
    return `bench/${job}`;
  };
  // A job's folder is its context: the plugin keeps its result files out of it by itself.
  const image = (job: string): SmallImage => new SmallImage(join(workFolder, 'pipelines', job), state.baseImage);
  const place = { jar, workFolder, state, scope: client.scope() };
  const plugin = async (name: string, job: string, spare: boolean): Promise<Plugin> =>
    new Plugin(name, image(job), await repository(job), { ...place, job }, spare);
  return {
    peers: [
      peers.classic(image('classic'), await repository('classic')),
      peers.buildx(image('buildx'), await repository('buildx')),
    ],
    plugins: [await plugin(WITH_SPARE, 'spare', true), await plugin('plugin, cold', 'cold', false)],
  };
}

async function measure(lab: Lab, peers: Peers, folder: string, { rounds }: BenchOptions): Promise<void> {
  const client = new LabClient(() => lab.state.adminUrl);
  const contestants = await open(lab, peers, client, folder);
  const { engine } = lab.state;
  const names = contestants.peers.map(({ name }) => name);
  say(`\nEngine ${engine.version}, ${engine.store} store; ${await peers.versions()}; ${rounds} rounds\n`);
  try {
    const all = new Rounds([...contestants.peers, ...contestants.plugins], client);
    await all.warmUp();
    for (let round = 1; round <= rounds; round++) {
      await all.play(round);
      say(`round ${round} of ${rounds}`);
    }
    const [against = ''] = names;
    const first = { kind: 'changed', of: WITH_SPARE, against, limit: 1.15 } as const;
    const second = { kind: 'no-op', of: WITH_SPARE, against, limit: 1.5 } as const;
    say('', ...resultTable(all.measurements, names), '', ...phaseTable(all.measurements), '');
    say(...markLines(all.measurements, [first, second]));
  } finally {
    for (const plugin of contestants.plugins) await plugin.stop();
  }
}

async function main(): Promise<void> {
  const options = benchOptions(process.argv.slice(2), process.env);
  const programs = findPeers(process.env);
  const folder = mkdtempSync(join(tmpdir(), 'gocd-ecr-bench-'));
  let lab: Lab | undefined;
  try {
    lab = await startLab(options.lab);
    const peers = await Peers.open(programs, lab.state, new LabClient(() => lab?.state.adminUrl ?? ''), folder);
    await measure(lab, peers, folder, options);
  } finally {
    await lab?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    say(String(error));
    process.exit(1);
  },
);
