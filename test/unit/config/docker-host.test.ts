import { isLoopback, parseDockerHost, tcpUrl } from '../../../src/config/docker-host';
import { Fault } from '../../../src/config/fault';

describe('the address of a daemon', () => {
  test.each([
    ['unix:///var/run/docker.sock', { kind: 'unix', socketPath: '/var/run/docker.sock' }],
    ['tcp://build-2:2376', { kind: 'tcp', host: 'build-2', port: 2376 }],
    ['TCP://Build-2.Example.COM:1/', { kind: 'tcp', host: 'build-2.example.com', port: 1 }],
    ['tcp://build-2', { kind: 'tcp', host: 'build-2', port: undefined }],
    ['build-2:2375', { kind: 'tcp', host: 'build-2', port: 2375 }],
    ['tcp://10.0.0.7:2375', { kind: 'tcp', host: '10.0.0.7', port: 2375 }],
    ['tcp://[::1]:2375', { kind: 'tcp', host: '::1', port: 2375 }],
    ['tcp://[0:0:0:0:0:0:0:1]', { kind: 'tcp', host: '::1', port: undefined }],
    ['tcp://[FD00::7]:65535', { kind: 'tcp', host: 'fd00::7', port: 65535 }],
    ['builders-eu', { kind: 'name', name: 'builders-eu' }],
  ])('%s', (text, host) => {
    expect(parseDockerHost(text)).toEqual(host);
  });

  const ADDRESS = 'is not tcp://host:port (an IPv6 address stands in square brackets)';
  const NEITHER = "is none of unix:///path, tcp://host:port, ssh://user@host and a name from the agent's settings";
  const SOCKET = 'names no absolute path: a socket is written with three slashes, as unix:///var/run/docker.sock';
  test.each([
    [
      'npipe:////./pipe/docker_engine',
      'is a Windows pipe, which this plugin does not speak: let the daemon listen on tcp:// with TLS',
    ],
    ['fd://', 'is how a daemon is started, not where it is: use unix:///var/run/docker.sock'],
    ['http://build-2:2375', 'is a web address: write tcp:// instead of http://'],
    ['https://build-2:2376', 'is a web address: write tcp:// instead of https://, and TlsVerify=true'],
    ['vsock://2:2375', NEITHER],
    ['my daemon', NEITHER],
    ['build-2.example.com', NEITHER],
    ['unix://var/run/docker.sock', SOCKET],
    ['unix:////srv/x', SOCKET],
    ['unix://', SOCKET],
    ['tcp://', ADDRESS],
    ['tcp://:2375', ADDRESS],
    ['tcp://a b:1', ADDRESS],
    ['tcp://host:1/path', ADDRESS],
    ['tcp://host:1?x', ADDRESS],
    ['tcp://fd00::7:2375', ADDRESS],
    ['tcp://[fd00::zz]:2375', ADDRESS],
    ['tcp://host:123456', ADDRESS],
    ['tcp://host:0', 'has no port from 1 to 65535'],
    ['tcp://host:65536', 'has no port from 1 to 65535'],
    ['tcp://user:pass@host:1', 'names a user: a daemon on tcp:// has none, it knows clients by certificate'],
  ])('%s is refused', (text, message) => {
    expect(parseDockerHost(text)).toEqual(new Fault(message));
  });

  test('is shown with brackets around an IPv6 address', () => {
    expect([tcpUrl('::1', 2375), tcpUrl('build-2', 2376)]).toEqual(['tcp://[::1]:2375', 'tcp://build-2:2376']);
  });

  test.each(['localhost', '127.0.0.1', '127.255.255.254', '::1'])('%s is this host', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  test.each([
    'localhost.evil.io',
    '127.0.0.1.evil.io',
    '127.0.0',
    '127.0.0.256',
    '128.0.0.1',
    '::2',
    '0.0.0.0',
    'docker',
  ])('%s is another machine', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});
