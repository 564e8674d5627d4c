import { inspect } from 'node:util';
import { describeOrigin, type Origin } from '../../../src/domain/origin';
import { Secret } from '../../../src/domain/secret';

test('a secret never prints, whichever way it is printed', () => {
  const secret = new Secret('hunter2-hunter2');
  const printed = [
    secret.toString(),
    JSON.stringify({ secret }),
    inspect({ secret }, { depth: 5, showHidden: true }),
    String(secret),
  ];
  expect(printed.join()).not.toContain('hunter2');
  expect(printed[0]).toBe('****');
  expect(secret.reveal()).toBe('hunter2-hunter2');
});

test.each<[Origin, string]>([
  [{ kind: 'field', name: 'DockerHost' }, 'field DockerHost'],
  [{ kind: 'job-variable', name: 'DOCKER_HOST' }, 'job variable DOCKER_HOST'],
  [{ kind: 'settings-file', name: 'daemon.eu' }, 'agent settings daemon.eu'],
  [{ kind: 'agent-environment', name: 'DOCKER_HOST' }, 'agent environment DOCKER_HOST'],
  [{ kind: 'server-property', name: 'daemon.eu' }, 'server property gocd.ecr.daemon.eu'],
  [{ kind: 'repository-host' }, 'host in field Repository'],
  [{ kind: 'built-in' }, 'built-in'],
])('%j is told as "%s"', (origin, text) => {
  expect(describeOrigin(origin)).toBe(text);
});
