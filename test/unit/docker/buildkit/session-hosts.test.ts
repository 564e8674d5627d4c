import { normalHost } from '../../../../src/domain/registry-host';

test.each([
  ['docker.io', 'docker.io'],
  ['Index.Docker.IO', 'docker.io'],
  ['registry-1.docker.io', 'docker.io'],
  ['registry-1.docker.io:443', 'docker.io'],
  ['registry-1.docker.io.', 'docker.io'],
  ['https://index.docker.io/v1/', 'docker.io'],
  ['R.Example', 'r.example'],
  ['r.example.', 'r.example'],
  ['r.example:443', 'r.example'],
  ['r.example.:443', 'r.example'],
  ['r.example.:5000', 'r.example:5000'],
  ['r.example:5000', 'r.example:5000'],
  ['[::1]:5000', '[::1]:5000'],
])('%s is %s', (host, normal) => {
  expect(normalHost(host)).toBe(normal);
});

test.each([
  'r.example.evil.io',
  'evil.io/r.example',
  'r.example@evil.io',
  'https://r.example',
  'r.example/',
  'r.example..',
  'r.example:0443',
  'r.example:4430',
  'xr.example',
  ' r.example',
  'r.example\n',
  'r\u2024example',
])('%j is not r.example', (host) => {
  expect(normalHost(host)).not.toBe('r.example');
});

test.each([
  'docker.io.evil.io',
  'https://index.docker.io/v2/',
  'x.docker.io',
  'docker.io:5000',
  'http://index.docker.io/v1/',
])('%s is not Docker Hub', (host) => {
  expect(normalHost(host)).not.toBe('docker.io');
});
