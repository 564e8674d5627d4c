import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TimedEvent } from '../../src/domain/events';
import { createJobConsole } from '../../src/console/job-console';
import { SCENARIOS } from './scenarios';

// Whole logs, as GoCD's console shows them. `UPDATE_GOLDEN=1` writes them anew: read the difference before you commit it.
// ␛ stands for the escape character, so that a diff shows colours too.

function printed(events: readonly TimedEvent[]): string {
  const lines: string[] = [];
  const console = createJobConsole({ print: (line) => lines.push(line), raw: () => undefined });
  for (const event of events) console.report(event);
  console.close();
  return `${lines.join('\n')}\n`.replaceAll('\u001b', '␛');
}

/** Of the 4,000 lines of a burst that are shown, the middle ones say nothing. */
function folded(log: string): string {
  const lines = log.split('\n');
  if (lines.length < 1_000) return log;
  return [...lines.slice(0, 40), `(${lines.length - 290} lines not shown here)`, ...lines.slice(-250)].join('\n');
}

test.each(Object.keys(SCENARIOS))('%s', (name) => {
  const path = join(__dirname, 'logs', `${name}.txt`);
  const log = folded(printed(SCENARIOS[name]!()));
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, log);
  expect(log).toBe(readFileSync(path, 'utf8'));
});
