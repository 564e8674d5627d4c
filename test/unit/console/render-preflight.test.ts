import type { DaemonInfo } from '../../../src/domain/daemon-info';
import { ENDPOINT, ENGINE, HOST } from '../../golden/recording';
import { linesOf } from './lines-of';

function described(change: Partial<DaemonInfo>): string[] {
  return linesOf(
    {
      type: 'started',
      version: '1.4.0',
      mode: 'push',
      repository: `${HOST}/shop/cart`,
      phases: ['preflight'],
      fieldsSet: [],
    },
    { type: 'phase-started', phase: 'preflight' },
    {
      type: 'daemon-described',
      info: { ...ENGINE, securityOptions: [], ...change },
      endpoint: ENDPOINT,
      origin: 'field DockerHost',
    },
  ).slice(5);
}

test('what explains no failure is not told', () => {
  expect(described({})).toEqual([]);
  expect(described({ insecureRegistries: ['registry.example:5000', '10.0.0.0/8'] })).toEqual([]);
});

test('mirrors, and that the registry that is pushed to is an insecure one', () => {
  expect(described({ mirrors: ['https://mirror.example/'] })).toEqual([
    '           Docker Hub by its mirror https://mirror.example/',
  ]);
  expect(described({ insecureRegistries: ['registry.example:5000', HOST] })).toEqual([
    `           insecure registries ${HOST}`,
  ]);
});

test('debug mode, rootless, proxies', () => {
  const securityOptions = ['name=seccomp,profile=builtin', 'name=rootless'];
  expect(described({ debug: true, securityOptions, httpsProxy: 'http://proxy:3128', noProxy: 'localhost' })).toEqual([
    '           debug mode  security seccomp builtin, rootless  proxy https http://proxy:3128, none for localhost',
  ]);
});
