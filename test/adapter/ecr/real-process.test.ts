import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { json, startFakeAws } from './fake-aws';
import { KEYS, TOKEN } from './opening';
import { secured } from './self-signed';

/** What jest's own process object hides: Node reads its real environment, and the SDK prints to a real stderr. */
const root = join(__dirname, '../../..');
let folder: string;
let program: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ecr-process-'));
  program = join(folder, 'program.cjs');
  const options = ['--bundle', '--platform=node', '--target=node20', '--format=cjs', '--log-level=error'];
  const entry = join(__dirname, 'in-a-process.ts');
  execFileSync(join(root, 'node_modules/.bin/esbuild'), [entry, ...options, `--outfile=${program}`]);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(
  variables: Readonly<Record<string, string>>,
  ambient: Readonly<Record<string, string>>,
  ...proxy: readonly string[]
): Promise<{ stdout: string; stderr: string }> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, ...ambient };
  return promisify(execFile)(process.execPath, [program, JSON.stringify(variables), ...proxy], { env });
}

it('an ambient identity, profile, endpoint or region never reaches a call, and nothing is printed', async () => {
  const [aws, hostile] = await Promise.all([startFakeAws(), startFakeAws()]);
  const issued = json({
    authorizationData: [{ authorizationToken: TOKEN, expiresAt: 2e9, proxyEndpoint: 'http://127.0.0.1:5000' }],
  });
  aws.answer('GetAuthorizationToken', issued);
  mkdirSync(join(folder, '.aws'), { recursive: true });
  writeFileSync(
    join(folder, '.aws/config'),
    `[profile evil]\nendpoint_url = ${hostile.url}\ncredential_process = touch ${folder}/ran\n`,
  );
  const ambient = {
    AWS_PROFILE: 'evil',
    AWS_ACCESS_KEY_ID: 'AKIAHOSTILE000000000',
    AWS_SECRET_ACCESS_KEY: 'hostile',
    AWS_SESSION_TOKEN: 'hostile',
    AWS_ENDPOINT_URL: hostile.url,
    AWS_REGION: 'us-east-1',
  };
  const { stdout, stderr } = await run({ ...KEYS, AWS_ENDPOINT_URL_ECR: aws.url }, ambient);
  expect([stdout, stderr]).toEqual(['access key AKIA…3F2A (job variables) at 127.0.0.1:5000\n', '']);
  expect(hostile.seen).toEqual([]);
  expect(aws.seen[0]?.headers.authorization).toContain('Credential=AKIAEXAMPLEKEY003F2A/');
  expect(aws.seen[0]?.headers['x-amz-security-token']).toBeUndefined();
  await Promise.all([aws.close(), hostile.close()]);
});

it('NODE_TLS_REJECT_UNAUTHORIZED=0 opens no door to AWS', async () => {
  const { endpoint, close } = await secured();
  const { stdout } = await run({ ...KEYS, AWS_ENDPOINT_URL_ECR: endpoint }, { NODE_TLS_REJECT_UNAUTHORIZED: '0' });
  expect(stdout).toBe(`AWS_UNREACHABLE: AWS is not reached at ${endpoint}: TLS fails (DEPTH_ZERO_SELF_SIGNED_CERT)\n`);
  close();
});

it('a refused connection is told as such by real sockets', async () => {
  const { stdout } = await run({ ...KEYS, AWS_ENDPOINT_URL_ECR: 'http://127.0.0.1:1' }, {});
  expect(stdout).toBe(
    'AWS_UNREACHABLE: AWS is not reached at http://127.0.0.1:1: the connection is refused (ECONNREFUSED)\n',
  );
});

it('a refused proxy is told as such, and its password to nobody, whatever DEBUG says', async () => {
  const variables = { ...KEYS, AWS_ENDPOINT_URL_ECR: 'https://ecr.internal' };
  const { stdout, stderr } = await run(variables, { DEBUG: '*' }, 'http://bob:pass-word@127.0.0.1:1');
  expect(stdout).toBe(
    'AWS_UNREACHABLE: AWS is not reached at ecr.internal: the proxy http://proxy:3128 (job variable HTTPS_PROXY) is not reached: the connection is refused (ECONNREFUSED)\n',
  );
  expect(stderr).not.toMatch(/pass-word|Basic/);
});
