// npm test: everything on Debian's engine. npm run test:engines: the end-to-end tests on the 29-class engine.
// Both do all the set-up that a fresh machine needs.
import { readFileSync } from 'node:fs';
import { install, must, Tally } from './stages.mjs';

const what = process.argv[2] ?? 'all';
const revision = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const tally = new Tally();

install();
must('bash', ['test/lab/setup.sh', 'peers', ...(what === 'engines' ? ['engines'] : [])]);
must('node', ['scripts/package.mjs']);

if (what === 'engines') {
  for (const engine of ['29-containerd', '29-classic']) {
    tally.jest(`e2e on ${engine}`, ['--selectProjects', 'e2e', '--runInBand'], { LAB_ENGINE: engine });
  }
} else {
  tally.check('eslint', 'npx', ['eslint', '--max-warnings=0', '.']);
  tally.check('types', 'npx', ['tsc', '--noEmit']);
  tally.check('format', 'npx', ['prettier', '--check', '--log-level', 'warn', '.']);
  tally.check('arrows', 'npx', ['depcruise', '--config', '.dependency-cruiser.cjs', 'src']);
  tally.maven('bridge', ['-B', '-q', '-f', 'bridge/pom.xml', 'test', `-Drevision=${revision.version}`]);
  tally.jest('unit', ['--selectProjects', 'unit']);
  tally.jest('form', ['--selectProjects', 'form']);
  tally.jest('lab', ['--selectProjects', 'lab', '--runInBand']);
  tally.jest('e2e', ['--selectProjects', 'e2e', '--runInBand']);
}
tally.end();
