// npm run bench: ratios in one run against the docker CLI and buildx; fails when a peer is missing.
import { install, must, run } from './stages.mjs';

install();
must('bash', ['test/lab/setup.sh', 'engines', 'peers']);
must('node', ['scripts/package.mjs']);
process.exit(run('node', ['scripts/run-ts.mjs', 'bench/bench.ts', ...process.argv.slice(2)]));
