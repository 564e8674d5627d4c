import { openEcr } from '../../../src/ecr/ecr-adapter';
import { StepError } from '../../../src/domain/errors';
import { Secret } from '../../../src/domain/secret';

/** Run as a program of its own by real-process.test.ts: argv holds the variables of the job as JSON, and a proxy. */
async function main(): Promise<string> {
  const environment = new Map(Object.entries(JSON.parse(process.argv[2] ?? '{}') as Record<string, string>));
  const region = { value: 'eu-west-1', origin: { kind: 'field', name: 'Region' } } as const;
  const url = process.argv[3];
  const display = { value: 'http://proxy:3128', origin: { kind: 'job-variable', name: 'HTTPS_PROXY' } } as const;
  const proxy = url === undefined ? undefined : { url: new Secret(url), display, noProxy: '' };
  const names = { role: undefined, profile: undefined, proxy };
  const aws = { region, registryId: undefined, side: 'job', environment, customEndpoint: true, ...names } as const;
  const repository = { host: undefined, registry: undefined, path: 'team/app' };
  const ecr = await openEcr(aws, repository, { register: () => undefined });
  const { host } = await ecr.authorize(new AbortController().signal);
  return `${await ecr.identity(new AbortController().signal)} at ${host}`;
}

const tell = (text: string): void => void process.stdout.write(`${text}\n`);
main().then(tell, (error: unknown) =>
  tell(error instanceof StepError ? `${error.code}: ${error.message}` : String(error)),
);
