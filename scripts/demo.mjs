// npm run demo: set-up, the jar, a lab, and the jar at work in it as GoCD would have it.
import { install, must, run } from './stages.mjs';

install();
must('bash', ['test/lab/setup.sh']);
must('node', ['scripts/package.mjs']);
process.exit(run('node', ['scripts/run-ts.mjs', 'test/demo/demo.ts']));
