import { authConfig, authHeader, configHeader } from '../../../src/docker/registry-auth';
import { Secret } from '../../../src/domain/secret';
import type { Mask, RegistryLogin } from '../../../src/pipeline/ports';

const login = (host: string, password: string): RegistryLogin => ({
  host,
  username: 'AWS',
  password: new Secret(password),
  expiresAt: 0,
});

function mask(): Mask & { readonly known: string[] } {
  const known: string[] = [];
  return { known, register: (name, secret) => void known.push(`${name}=${secret.reveal()}`) };
}

const decode = (value: string): unknown =>
  JSON.parse(Buffer.from(value.replaceAll('-', '+').replaceAll('_', '/'), 'base64').toString()) as unknown;

// In these passwords every length of padding comes out, and '+' and '/' in plain base64.
const passwords = ['a', 'ab', 'abc', '>>>???', 'ÿþý~~~', 'ü'.repeat(50)];

test.each(passwords)('padded base64url: %s', (password) => {
  const hidden = mask();
  const value = authHeader(login('r.example', password), hidden)['X-Registry-Auth']!;
  expect(value).toMatch(/^[A-Za-z0-9_-]+={0,2}$/);
  expect(value.length % 4).toBe(0);
  expect(decode(value)).toEqual({ username: 'AWS', password, serveraddress: 'r.example' });
  expect(hidden.known).toEqual([`X-Registry-Auth=${value}`]);
});

test('at least one of these passwords needs each of the padding and the two characters', () => {
  const values = passwords.map((password) => authHeader(login('r.example', password), mask())['X-Registry-Auth']!);
  for (const wanted of [/=$/, /-/, /_/]) expect(values.some((value) => wanted.test(value))).toBe(true);
});

test('base images: by host, each with its own', () => {
  const hidden = mask();
  const headers = configHeader([login('a.example', '>>>???'), login('b.example:5000', 'b')], hidden);
  const value = headers['X-Registry-Config']!;
  expect(value).toMatch(/^[A-Za-z0-9_-]+={0,2}$/);
  expect(value.length % 4).toBe(0);
  expect(decode(value)).toEqual({
    'a.example': { username: 'AWS', password: '>>>???', serveraddress: 'a.example' },
    'b.example:5000': { username: 'AWS', password: 'b', serveraddress: 'b.example:5000' },
  });
  expect(hidden.known).toEqual([`X-Registry-Config=${value}`]);
});

test('no credentials, no header', () => {
  expect(configHeader([], mask())).toEqual({});
});

test('the server address is the host alone', () => {
  expect(authConfig(login('r.example:5000', 'p'))['serveraddress']).toBe('r.example:5000');
});

test('Docker Hub is known to the daemon by the URL of its first API', () => {
  const hub = { username: 'AWS', password: 'p', serveraddress: 'https://index.docker.io/v1/' };
  expect(authConfig(login('docker.io', 'p'))).toEqual(hub);
  expect(decode(configHeader([login('docker.io', 'p')], mask())['X-Registry-Config']!)).toEqual({
    'https://index.docker.io/v1/': hub,
  });
});
