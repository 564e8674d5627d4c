import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithLab } from '../lab/client';
import { assertNoLeak, formsOf, leaksIn } from './leaks';
import { plain, Scene, startE2eAgent, type E2eAgent } from './scene';

jest.setTimeout(120_000);

const PASSWORD = 'c4nary/"Pass+word" ünï=7';

const ECHO = [
  'FROM lab/busybox:1',
  'ARG SECRET',
  'ARG HEX',
  'ARG KEY',
  'RUN echo "plain $SECRET and $KEY" && printf %s "$SECRET" | base64 && printf %s "x$SECRET" | base64 && printf %s "xy$SECRET" | base64 && echo "$HEX" && echo "AWS:$KEY" | base64',
  '',
].join('\n');

describeWithLab('secrets', () => {
  let agent: E2eAgent;
  beforeAll(async () => (agent = await startE2eAgent()));
  afterAll(() => agent.end());

  test.each([
    ['succeeds', ''],
    ['fails', 'RUN exit 9\n'],
  ])('none is in any output of a build that %s, whatever form it was echoed in', async (_how, more) => {
    const scene = await Scene.open(agent, { Dockerfile: ECHO + more });
    const key = scene.scope.secretAccessKey;
    const hex = Buffer.from(PASSWORD).toString('hex');
    const commands: string[] = [];
    const done = await scene.execute(
      { BuildArgs: `SECRET=\${MY_PASSWORD}\nHEX=\${HEX_OF_IT}\nKEY=\${AWS_SECRET_ACCESS_KEY}` },
      {
        variables: { MY_PASSWORD: PASSWORD, HEX_OF_IT: hex },
        secure: ['MY_PASSWORD'],
        onLine: () => void readCommands(agent, commands),
      },
    );
    expect(Object.keys(scene.outputs())).toContain('ecr-image.log');
    expect(commands.some((line) => line.includes('plugin.cjs'))).toBe(true);
    const passwords = await scene.scope.passwords();
    expect(passwords).not.toEqual([]); // `execute` has searched every output for them, and for the rest
    assertNoLeak({ 'process list': commands.join('\n') }, [PASSWORD, key, ...passwords]);
    expect(plain(done.lines)).toContain('plain ');
    expect(plain(done.lines)).toContain('MY_PASSWORD'); // that it ends up in the image is told, by name
  });

  test('the search finds what it looks for: a canary in a control text, in each form', () => {
    for (const form of formsOf(PASSWORD)) expect(leaksIn(`before ${form} after`, [PASSWORD])).toContain(form);
  });
});

/** Command lines of the JVM's descendants, as any user of the machine can read them. */
async function readCommands(agent: E2eAgent, into: string[]): Promise<void> {
  for (const pid of await agent.descendants()) {
    try {
      into.push(readFileSync(join('/proc', String(pid), 'cmdline'), 'utf8').replaceAll('\0', ' '));
    } catch {
      continue; // it ended while we looked
    }
  }
}
