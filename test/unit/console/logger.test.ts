import { PassThrough } from 'node:stream';
import { createLogger } from '../../../src/console/logger';
import { Masker } from '../../../src/console/mask';
import { Secret } from '../../../src/domain/secret';

const PASSWORD = 'p4ss"w0rd-of-the-registry';

function logged(log: (logger: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] {
  const mask = new Masker();
  mask.register('PASSWORD', new Secret(PASSWORD));
  const stream = new PassThrough();
  log(createLogger(stream, (text) => mask.redact(text)));
  const text = String(stream.read() ?? '');
  expect(text).not.toContain('p4ss');
  expect(text).toMatch(/^(?:[^\n]+\n)*$/);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** As HTTP libraries throw them: with the request's headers and the answer's body. */
function httpError(): Error {
  const error = new Error(`request with ${PASSWORD} failed`, { cause: new Error(PASSWORD) });
  return Object.assign(error, {
    code: 'ECONNRESET',
    headers: { authorization: PASSWORD },
    body: `body ${PASSWORD}`,
    port: 443,
  });
}

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown;

test('a line is JSON with time, level and message, and is masked', () => {
  expect(logged((logger) => logger.info(`listening with ${PASSWORD}`))).toEqual([
    { time: TIME, level: 'info', message: 'listening with ****' },
  ]);
});

test('an error is its code and its message', () => {
  const line = { time: TIME, level: 'error', code: 'ECONNRESET' };
  expect(logged((logger) => logger.error(httpError()))).toEqual([{ ...line, message: 'request with **** failed' }]);
  expect(logged((logger) => logger.error('no answer:', httpError()))).toEqual([
    { ...line, message: 'no answer: request with **** failed' },
  ]);
  expect(logged((logger) => logger.log({ level: 'error', message: httpError() as unknown as string }))).toEqual([
    { time: TIME, level: 'error', message: 'ECONNRESET: request with **** failed' },
  ]);
});

test('an error within the fields too, and other objects are left out', () => {
  const fields = {
    attempt: 2,
    last: true,
    stack: `at ${PASSWORD}`,
    error: httpError(),
    request: { headers: PASSWORD },
  };
  expect(logged((logger) => logger.warn('again', fields))).toEqual([
    {
      time: TIME,
      level: 'warn',
      message: 'again',
      attempt: 2,
      last: true,
      stack: 'at ****',
      error: 'ECONNRESET: request with **** failed',
    },
  ]);
  expect(logged((logger) => logger.error({ headers: PASSWORD } as unknown as string))).toEqual([
    { time: TIME, level: 'error', message: '(object)' },
  ]);
});

test('a line stays one line, and JSON, whatever it says', () => {
  const text = 'a\nb\r\u0085\u2028\u202e\u001b[2K"\\';
  expect(logged((logger) => logger.info(text))).toEqual([{ time: TIME, level: 'info', message: text }]);
});

test('debug lines are left out', () => {
  expect(logged((logger) => logger.debug('x'))).toEqual([]);
});
