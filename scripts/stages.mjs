// Runs commands one after another and sums up what they tested, whatever tool did the testing.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..');
const work = join(root, 'dist', '.test');

// The longest stage takes a few minutes; building the Engine 29 from its sources once takes longer.
const STAGE_LIMIT_MS = 30 * 60_000;

/** Exit code of the command; its output goes straight to ours. */
export function run(command, args, env = {}) {
  console.log(`\n$ ${[command, ...args].join(' ')}`);
  const options = { cwd: root, stdio: 'inherit', env: { ...process.env, ...env }, timeout: STAGE_LIMIT_MS };
  const { status, error } = spawnSync(command, args, options);
  if (error) console.error(error.message);
  return status ?? 1;
}

/** What the next stage can't do without. */
export function must(command, args, env) {
  const status = run(command, args, env);
  if (status === 0) return;
  console.error(`\n${command} ${args.join(' ')} ended with ${status}: nothing after it can run`);
  console.log('0 passed, 1 failed');
  process.exit(1);
}

/** `npm ci`, unless it has been done for this very lockfile. */
export function install() {
  const stamp = join(root, 'node_modules', '.installed-for');
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  must('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  writeFileSync(stamp, lock);
}

export class Tally {
  passed = 0;
  failed = 0;
  skipped = 0;
  broken = [];

  /** A check that has no tests to count: it is one. */
  check(name, command, args) {
    const ok = run(command, args) === 0;
    if (ok) this.passed++;
    else this.fail(name);
  }

  fail(name) {
    this.failed++;
    this.broken.push(name);
  }

  jest(name, args, env) {
    mkdirSync(work, { recursive: true });
    const file = join(work, `${name.replace(/\W+/g, '-')}.json`);
    rmSync(file, { force: true });
    const status = run('npx', ['jest', '--json', `--outputFile=${file}`, '--ci', '--testTimeout=30000', ...args], env);
    if (!existsSync(file)) return this.fail(name);
    const report = JSON.parse(readFileSync(file, 'utf8'));
    this.passed += report.numPassedTests;
    this.skipped += report.numPendingTests + report.numTodoTests;
    this.failed += report.numFailedTests + report.numRuntimeErrorTestSuites;
    if (report.numTotalTests === 0) this.fail(`${name}: no test ran`);
    else if (status !== 0) this.broken.push(name);
    if (status !== 0 && report.success) this.failed++; // a global set-up or tear-down that broke
  }

  maven(name, args) {
    rmSync(join(root, 'bridge/target/surefire-reports'), { recursive: true, force: true });
    const status = run('mvn', args);
    const folder = join(root, 'bridge/target/surefire-reports');
    const reports = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.xml')) : [];
    const before = this.failed;
    for (const report of reports) this.#count(readFileSync(join(folder, report), 'utf8'));
    if (reports.length === 0 || (status !== 0 && this.failed === before)) this.fail(name);
    else if (status !== 0) this.broken.push(name);
  }

  #count(xml) {
    const suite = /<testsuite\b[^>]*>/.exec(xml)?.[0] ?? '';
    const number = (key) => Number(new RegExp(`\\b${key}="(\\d+)"`).exec(suite)?.[1] ?? 0);
    const failed = number('errors') + number('failures');
    this.failed += failed;
    this.skipped += number('skipped');
    this.passed += number('tests') - failed - number('skipped');
  }

  /** The last line sums it all up; the exit code agrees with it. */
  end() {
    if (this.broken.length > 0) console.error(`\nnot right: ${this.broken.join(', ')}`);
    const skipped = this.skipped > 0 ? `, ${this.skipped} skipped` : '';
    console.log(`${this.passed} passed, ${this.failed} failed${skipped}`);
    process.exit(this.failed > 0 || this.broken.length > 0 ? 1 : 0);
  }
}
