import { createHmac } from 'node:crypto';
import { bearerMatches, parseHello, parseStartLine, proofOf } from '../../../src/protocol/handshake';
import { MalformedRequest } from '../../../src/protocol/malformed-request';

const HEX = 'ab'.repeat(32);
const TOKEN = Buffer.from(HEX, 'hex');

function refusal(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedRequest);
    return (error as MalformedRequest).message;
  }
  return 'accepted';
}

describe('the start line', () => {
  it('gives the token, the folder and the environment', () => {
    const start = parseStartLine(
      JSON.stringify({ token: HEX, cwd: '/var/lib/go-agent', env: { HOME: '/h', __proto__x: '1' } }),
    );
    expect(start.token.equals(TOKEN)).toBe(true);
    expect(start.cwd).toBe('/var/lib/go-agent');
    expect([...start.env]).toEqual([
      ['HOME', '/h'],
      ['__proto__x', '1'],
    ]);
  });

  it.each([
    ['', 'The start line is not JSON'],
    ['{}', 'The start line has no token of 32 bytes in hex'],
    [JSON.stringify({ token: HEX.slice(2), cwd: '/' }), 'The start line has no token of 32 bytes in hex'],
    [JSON.stringify({ token: `${HEX}00`, cwd: '/' }), 'The start line has no token of 32 bytes in hex'],
    [JSON.stringify({ token: `${HEX}\n`, cwd: '/' }), 'The start line has no token of 32 bytes in hex'],
    [JSON.stringify({ token: 'g'.repeat(64), cwd: '/' }), 'The start line has no token of 32 bytes in hex'],
    [JSON.stringify({ token: HEX }), 'The start line has no cwd'],
    [JSON.stringify({ token: HEX, cwd: '' }), 'The start line has no cwd'],
    [JSON.stringify({ token: HEX, cwd: '/', env: { A: 1 } }), 'env of the start line has a value that is not a string'],
    ['['.repeat(70), 'The start line is nested more than 64 deep'],
  ])('is refused: %s', (line, message) => {
    expect(refusal(() => parseStartLine(line))).toBe(message);
  });
});

describe('the proof', () => {
  it('is an HMAC with the raw token over nonce and port', () => {
    const nonce = 'c0ffee'.repeat(4);
    expect(proofOf(TOKEN, nonce, 40123)).toBe(createHmac('sha256', TOKEN).update(`${nonce}:40123`).digest('hex'));
    expect(proofOf(TOKEN, nonce, 40124)).not.toBe(proofOf(TOKEN, nonce, 40123));
  });

  it.each([
    ['{}', 'The request has no nonce'],
    ['{"nonce":7}', 'The request has no nonce'],
    ['{"nonce":"short"}', 'The request has no nonce'],
    ['{"nonce":"0123456789abcdef:4711"}', 'The request has no nonce'],
    ['nonsense', 'The request is not JSON'],
  ])('is not given for %s', (body, message) => {
    expect(refusal(() => parseHello(body))).toBe(message);
  });

  it('is given for a nonce of the bridge', () => {
    expect(parseHello(`{"nonce":"${HEX}"}`)).toBe(HEX);
  });
});

describe('the bearer token', () => {
  it('matches whole and in no other form', () => {
    expect(bearerMatches(`Bearer ${HEX}`, TOKEN)).toBe(true);
    for (const header of [undefined, '', HEX, 'Bearer ', `bearer ${HEX}`, `Bearer ${HEX}0`, `Bearer ${HEX.slice(1)}`]) {
      expect(bearerMatches(header, TOKEN)).toBe(false);
    }
  });
});
