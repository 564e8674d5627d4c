import { plain, type E2eAgent } from '../scene';
import { onEngine, type EngineName, type Fault, type Provoked, type Told } from './fault';

/** A `test.each` over a table: provokes the fault, and holds the whole of what the log says against the table. */
export async function meet(fault: Fault, agent: E2eAgent): Promise<void> {
  const provoked = await fault.provoke(agent);
  try {
    const done = await provoked.scene.execute(provoked.config, provoked.options);
    const log = plain(done.lines);
    expect({ ...headOf(log), ...toldIn(log, provoked), success: done.success }).toEqual({
      code: fault.code,
      hop: fault.hop,
      success: false,
      ...onEngine(fault.told, engineName()),
    });
    expect(done.message).toMatch(new RegExp(`^${fault.code}: `));
    expectDrawing(log, fault);
  } finally {
    await provoked.undo?.();
  }
}

export function engineName(): EngineName {
  return (process.env['LAB_ENGINE'] ?? 'debian') as EngineName;
}

const HOPS: Readonly<Record<string, Fault['hop']>> = {
  'agent → AWS': 'agent-aws',
  'agent → daemon': 'agent-daemon',
  'daemon → registry': 'daemon-registry',
};

function headOf(log: string): { readonly code: string | undefined; readonly hop: string | undefined } {
  const [, code, hop = ''] = /^FAILED after .*? {3}([A-Z_]+)(?: {3}hop: (.*))?$/m.exec(log) ?? [];
  return { code, hop: HOPS[hop] ?? 'none' };
}

/** The drawing has the line that broke, and every failed job has the drawing. */
function expectDrawing(log: string, { hop }: Fault): void {
  for (const [each, line] of Object.entries(BROKEN)) {
    if (each === hop) expect(log).toMatch(line);
    else expect(log).not.toMatch(line);
  }
}

const BROKEN: Readonly<Record<Exclude<Fault['hop'], 'none'>, RegExp>> = {
  'agent-aws': /agent {2}──✗── AWS/,
  'agent-daemon': /agent {2}──✗── daemon/,
  'daemon-registry': /daemon ──✗── registry/,
};

function toldIn(log: string, provoked: Provoked): Told {
  const block = log.slice(log.search(/^FAILED /m)).split('\n');
  const one = (label: string): string | undefined => {
    const line = block.find((each) => each.startsWith(label));
    return line === undefined ? undefined : named(line.slice(label.length).trim(), provoked);
  };
  const begin = block.findIndex((line) => / says:$/.test(line));
  const words =
    begin < 0
      ? []
      : block.slice(
          begin + 1,
          block.findIndex((line, at) => at > begin && !/^ {2}\| /.test(line)),
        );
  return {
    words: words.map((line) => named(line.replace(/^ {2}\| /, ''), provoked)),
    why: one('Why:') ?? '(no Why)',
    fix: one('Fix:'),
  };
}

/** Longest first: a folder's name is part of its files' names. */
function named(text: string, { names, masks = [] }: Provoked): string {
  const values = Object.entries(names).sort(([, a], [, b]) => b.length - a.length);
  const replaced = values.reduce((so, [name, value]) => so.replaceAll(value, `{${name}}`), text);
  return masks.reduce((so, [pattern, name]) => so.replace(pattern, `{${name}}`), replaced);
}
