import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLab, type Lab } from '../test/lab/lab';
import { LabClient } from '../test/lab/lab-client';
import { Contestants, type Ground } from './ground';
import { compareMemory } from './memory-case';
import { benchOptions, type BenchOptions, type CaseName } from './options';
import { comparePackers } from './pack';
import { findPeers, Peers, type PeerPrograms } from './peers';
import type { Plugin } from './plugin';
import { amountTable, markLines, phaseTable, resultTable } from './report';
import { Rounds } from './rounds';
import { startSlowLink, type SlowLink } from './slow-link';
import { NAMES, SUITES, type Suite, type SuiteName } from './suites';

// `npm run bench`: images built and pushed by the plugin and by the docker CLI, in turns. What it measures is one machine at
// one time: only the ratios mean something elsewhere.

const ROUNDS = 5;

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const jar = join(process.cwd(), `dist/gocd-ecr-task-${version}.jar`);
const say = (...lines: string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);

/** Those who take turns, and the names of those whom the others are compared with. */
async function opponents(contestants: Contestants, { who }: Suite) {
  if (who === undefined) {
    const peers = await contestants.peers();
    const all = [...peers, await contestants.plugin('spare'), await contestants.plugin('cold')];
    return { all, measuredBy: peers.map((peer) => peer.name) };
  }
  const all: Plugin[] = [];
  for (const one of who) all.push(await contestants.plugin(one));
  return { all, measuredBy: [NAMES[who[0]]] };
}

async function play(ground: Ground, name: SuiteName, options: BenchOptions): Promise<void> {
  const suite: Suite = SUITES[name];
  const contestants = new Contestants(ground, name, suite.shape(options.scale));
  const rounds = options.rounds ?? suite.rounds;
  try {
    const { all, measuredBy } = await opponents(contestants, suite);
    const turns = new Rounds(all, suite.cases, ground.client, ground.link);
    await turns.warmUp();
    for (let round = 1; round <= rounds; round++) {
      await turns.play(round);
      say(`round ${round} of ${rounds}`);
    }
    say('', `${name}, n = ${rounds}`, '', ...resultTable(turns.measurements, measuredBy), '');
    say(...phaseTable(turns.measurements), '', ...amountTable(turns.measurements), '');
    say(...markLines(turns.measurements, suite.marks), '');
  } finally {
    await contestants.stop();
    rmSync(join(ground.folder, name), { recursive: true, force: true });
  }
}

async function measure(ground: Ground, name: CaseName, options: BenchOptions): Promise<void> {
  const { scale, rounds = ROUNDS } = options;
  if (name === 'pack') say(...(await comparePackers(ground.folder, scale, rounds)), '');
  else if (name === 'memory') say(...(await compareMemory(ground, scale, rounds)), '');
  else await play(ground, name, options);
}

async function openGround(
  lab: Lab,
  programs: PeerPrograms,
  folder: string,
  link: SlowLink | undefined,
): Promise<Ground> {
  const { state } = lab;
  const client = new LabClient(() => state.adminUrl);
  const dockerHost = link === undefined ? state.engine.unixUrl : `tcp://127.0.0.1:${link.port}`;
  const peers = await Peers.open(programs, { state, dockerHost }, client, folder);
  return { jar, folder, state, client, peers, dockerHost, link };
}

async function main(): Promise<void> {
  const options = benchOptions(process.argv.slice(2), process.env);
  const programs = findPeers(process.env);
  const folder = mkdtempSync(join(tmpdir(), 'gocd-ecr-bench-'));
  let lab: Lab | undefined;
  let link: SlowLink | undefined;
  try {
    lab = await startLab(options.lab);
    const { engine } = lab.state;
    link = options.link && (await startSlowLink(options.link, engine.unixUrl.replace('unix://', '')));
    const ground = await openGround(lab, programs, folder, link);
    const over = options.link && `${options.link.roundTripMs} ms, ${options.link.bitsPerSecond / 1e6} Mbit/s between`;
    say(
      '',
      [`Engine ${engine.version}, ${engine.store} store`, await ground.peers.versions(), over]
        .filter(Boolean)
        .join('; '),
    );
    for (const name of options.cases) await measure(ground, name, options);
  } finally {
    await link?.stop();
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
