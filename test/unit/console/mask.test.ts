import fc from 'fast-check';
import { Masker } from '../../../src/console/mask';
import { formsOf } from '../../../src/console/mask-forms';
import { PieceIndex } from '../../../src/console/mask-pieces';
import { Secret } from '../../../src/domain/secret';

function masker(...values: readonly string[]): Masker {
  const made = new Masker();
  values.forEach((value, index) => made.register(`SECRET_${index}`, new Secret(value)));
  return made;
}

function percent(text: string, upper: boolean, plus: boolean): string {
  const encoded = encodeURIComponent(text).replace(/%[0-9A-F]{2}/g, (hex) => (upper ? hex : hex.toLowerCase()));
  return plus ? encoded.replaceAll('%20', '+') : encoded;
}

/** Encoders of others, not those of the mask. */
const ENCODERS: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  json: (text) => JSON.stringify(text).slice(1, -1),
  'json in json': (text) => JSON.stringify(JSON.stringify({ token: text })),
  'url, upper case': (text) => percent(text, true, false),
  'url, lower case': (text) => percent(text, false, false),
  'url, blank as plus': (text) => percent(text, true, true),
  'url, lower case, blank as plus': (text) => percent(text, false, true),
  form: (text) => new URLSearchParams({ token: text }).toString().replace('token=', ''),
  hex: (text) => Buffer.from(text).toString('hex'),
  'hex, upper case': (text) => Buffer.from(text).toString('hex').toUpperCase(),
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  'docker login': (text) => Buffer.from(`AWS:${text}`).toString('base64'),
  'docker login, base64url': (text) => Buffer.from(`AWS:${text}`).toString('base64url'),
  'X-Registry-Auth': (text) => Buffer.from(JSON.stringify({ username: 'AWS', password: text })).toString('base64'),
};

const secret = fc
  .oneof(
    fc.string({ minLength: 6, maxLength: 60 }),
    fc.string({ minLength: 6, maxLength: 60, unit: 'grapheme' }),
    fc.base64String({ minLength: 8, maxLength: 200 }),
    fc.stringMatching(/^[a-z"\\/ &<>%+é]{6,30}$/),
  )
  .filter((value) => value.trim().length >= 6 && !/[\r\n]/.test(value));

describe.each(Object.entries(ENCODERS))('%s', (_name, encode) => {
  test('is masked wherever it stands', () => {
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (value, before, after) => {
        const form = encode(value);
        expect(masker(value).redact(`${before}${form}${after}`)).not.toContain(form);
      }),
    );
  });
});

test.each(['base64', 'base64url'] as const)(
  '%s of anything around it is masked, with or without padding',
  (encoding) => {
    const bytes = fc.uint8Array({ maxLength: 20 });
    fc.assert(
      fc.property(secret, bytes, bytes, (value, before, after) => {
        const data = Buffer.from(value);
        const encoded = Buffer.concat([before, data, after]).toString(encoding);
        const start = Math.floor((before.length * 8) / 6);
        const end = Math.ceil(((before.length + data.length) * 8) / 6);
        const masked = masker(value).redact(encoded);
        expect(masked).not.toContain(encoded.slice(start, end));
        // What is left tells the neighbours, and no character that holds a bit of the secret.
        expect(masked.length).toBeLessThanOrEqual(encoded.length - (end - start) + '****'.length);
      }),
    );
  },
);

test('many secrets at once: none is left, in any of its forms, and a second time changes nothing', () => {
  fc.assert(
    fc.property(fc.array(secret, { minLength: 1, maxLength: 6 }), fc.array(fc.string()), (values, between) => {
      const mask = masker(...values);
      const forms = values.flatMap((value) => Object.values(ENCODERS).map((encode) => encode(value)));
      const text = forms.map((form, index) => `${form}${between[index] ?? ''}`).join('');
      const masked = mask.redact(text);
      for (const form of [...values, ...forms]) expect(masked).not.toContain(form);
      expect(mask.redact(masked)).toBe(masked);
    }),
    { numRuns: 60 },
  );
});

test('nothing of two overlapping secrets is left, the longest counts, touching ones become one', () => {
  const mask = masker('abcdefgh', 'efghijkl', 'abcdefghij');
  expect(mask.redact('<abcdefghijkl>')).toBe('<****>');
  expect(mask.redact('<abcdefghefghijkl>')).toBe('<****>');
  expect(mask.redact('<abcdefgh efghijkl>')).toBe('<**** ****>');
  expect(mask.redact('<ijklabcdefghij>')).toBe('<ijkl****>');
});

test('a mask that completes another secret is masked too', () => {
  expect(masker('XXXXXXYY', '****aaaa').redact('XXXXXXYYaaaa')).toBe('****');
});

test('a secret of several lines is masked line by line', () => {
  const key = '-----BEGIN KEY-----\nMIIEvQIBADANBg\r\n  kqhkiG9w0BAQEF  \nx\n-----END KEY-----\n';
  const mask = masker(key);
  expect(mask.redact(key)).toBe('****');
  expect(key.split('\n').map((line) => mask.redact(line))).toEqual(['****', '****\r', '  ****  ', 'x', '****', '']);
  expect(mask.redact(JSON.stringify({ key }))).toBe('{"key":"****"}');
  expect(mask.redact(`key: ${Buffer.from('kqhkiG9w0BAQEF').toString('hex')}`)).toBe('key: ****');
});

test('the blanks around a secret do not matter', () => {
  expect(masker('  padded-secret\n').redact('got padded-secret here')).toBe('got **** here');
});

test('values of less than six characters stay', () => {
  expect(masker('', '12345', '      ', ' abc \n').redact('12345 abc       ')).toBe('12345 abc       ');
  expect(masker('123456').redact('x123456x')).toBe('x****x');
});

test('a secret that is known later is masked from then on', () => {
  const mask = masker('first-secret');
  expect(mask.redact('first-secret later-secret')).toBe('**** later-secret');
  mask.register('LATER', new Secret('later-secret'));
  mask.register('LATER_AGAIN', new Secret('later-secret'));
  expect(mask.redact('first-secret later-secret')).toBe('**** ****');
});

test('colours within a secret hide it from nobody', () => {
  const mask = masker('TopSecret1');
  expect(mask.redact('\u001b[32mok\u001b[0m')).toBe('\u001b[32mok\u001b[0m');
  expect(mask.redact('x=\u001b[31mTop\u001b[1mSec\u001b[0mret1.')).toBe('x=****.');
});

test('the other spellings of JSON and URLs', () => {
  const mask = masker('a/b<c>&"é"');
  expect(mask.redact('"a/b\\u003cc\\u003e\\u0026\\"é\\""')).toBe('"****"');
  expect(mask.redact('"a\\/b<c>&\\"\\u00e9\\""')).toBe('"****"');
  expect(mask.redact('?q=a/b%3Cc%3E%26%22%C3%A9%22')).toBe('?q=****');
  expect(masker("it's (so) ~!*").redact('?q=it%27s%20%28so%29%20~%21%2A')).toBe('?q=****');
  expect(masker("it's (so) ~!*").redact('?q=it%27s+%28so%29+%7E%21*')).toBe('?q=****');
  expect(masker('http://x?a=b&c').redact('q=http://x?a=b&c')).toBe('q=****');
});

describe('what was wrapped', () => {
  const token = Buffer.from(Array.from({ length: 300 }, (_, index) => (index * 89 + 7) % 251)).toString('base64');

  const wrap = (text: string, width: number): string[] => text.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];

  test.each([
    ['base64', wrap(Buffer.from(token).toString('base64'), 76)],
    ['base64 of more', wrap(Buffer.from(`user:${token}`).toString('base64'), 76)],
    ['openssl base64', wrap(Buffer.from(token).toString('base64'), 64)],
    ['xxd -p', wrap(Buffer.from(token).toString('hex'), 60)],
    ['fold', wrap(token, 80)],
  ])('%s', (_name, lines) => {
    const mask = masker(token);
    const whole = lines.slice(0, -1);
    expect(whole.length).toBeGreaterThan(3);
    for (const [index, line] of whole.entries()) {
      const masked = mask.redact(`    ${line}`);
      // The first line may begin with what stood before the secret.
      expect(masked).toMatch(index === 0 ? /^ {4}[A-Za-z0-9+/]{0,8}\*\*\*\*$/ : /^ {4}\*\*\*\*$/);
    }
  });

  test('a shared word of fewer than 16 characters, or in the middle of a line, is no piece', () => {
    const mask = masker(token);
    expect(mask.redact(`${token.slice(40, 55)} is fine`)).toBe(`${token.slice(40, 55)} is fine`);
    expect(mask.redact(`so is ${token.slice(40, 70)} here`)).toBe(`so is ${token.slice(40, 70)} here`);
    expect(mask.redact(`${token.slice(40, 70)} is not`)).toBe('**** is not');
    expect(mask.redact(`nor is ${token.slice(40, 70)}`)).toBe('nor is ****');
  });
});

describe('a secret of hundreds of KB', () => {
  /** Base64 of bytes that follow no pattern, the same in every run. */
  function long(bytes: number): string {
    const data = Buffer.alloc(bytes);
    for (let index = 0, state = 7; index < bytes; index++) {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      data[index] = state >>> 16;
    }
    return data.toString('base64');
  }

  function indexOf(...values: readonly string[]): PieceIndex {
    const index = new PieceIndex();
    for (const value of values) for (const form of formsOf(value)) index.add(form);
    return index;
  }

  /** What it costs to find in each of the lines. */
  function costOf(index: PieceIndex, lines: readonly string[]): number {
    const before = index.steps;
    for (const line of lines) index.find(line);
    return index.steps - before;
  }

  const value = long(90_000);
  const wrapped = (text: string): string[] => text.match(/.{76}/g) ?? [];

  test('four times as long costs four times as much to know', () => {
    const [one, four] = [indexOf(value), indexOf(long(360_000))];
    expect(one.steps).toBeGreaterThan(0);
    expect(four.steps).toBeLessThan(one.steps * 6); // a table that doubles is filled up to twice
  });

  test('and no more to find, whether it is there or not', () => {
    const index = indexOf(value);
    const lines = wrapped(Buffer.from(value).toString('base64')).slice(0, 500);
    const ordinary = lines.map((_, number) => `#${number} [build 3/7] RUN make -j${number % 8} all, as on every day`);
    for (const line of lines) expect(index.find(line)).not.toEqual([]);
    for (const line of ordinary) expect(index.find(line)).toEqual([]);
    expect(costOf(index, lines)).toBeLessThan(lines.length * 400);
    expect(costOf(index, ordinary)).toBeLessThan(ordinary.length * 100);
  });

  test('a line that comes first costs no more than a later one', () => {
    const index = indexOf(value);
    const line = ['the first line of a build, in which there is nothing'];
    expect(costOf(index, line)).toBeLessThan(100);
  });

  test('is not gone through again for each secret that comes later', () => {
    const index = indexOf(value);
    const before = index.steps;
    for (let count = 0; count < 50; count++) {
      for (const form of formsOf(long(60 + count))) index.add(form);
      index.find('a line between');
    }
    expect(index.steps).toBeLessThan(before * 2 + 50_000);
  });

  test('that says the same over and over is hidden as well, and costs no more', () => {
    const index = indexOf('over-and-'.repeat(20_000));
    const masked = masker('over-and-'.repeat(20_000));
    const lines = wrapped('and-over-'.repeat(1_000));
    expect(lines.map((line) => masked.redact(line))).toEqual(lines.map(() => '****'));
    expect(costOf(index, lines)).toBeLessThan(lines.length * 20_000);
  });

  test('is masked wherever it is wrapped, in every form', () => {
    const mask = masker(value);
    const data = Buffer.from(value);
    const forms = [
      value,
      data.toString('base64'),
      Buffer.concat([Buffer.from('a'), data]).toString('base64'),
      Buffer.concat([Buffer.from('ab'), data]).toString('base64url'),
      Buffer.from(`AWS:${value}`).toString('base64'),
      data.toString('hex'),
      encodeURIComponent(value),
      JSON.stringify(value).replaceAll('/', '\\/'),
    ];
    for (const form of forms) {
      const lines = wrapped(form).slice(1, -1); // the first and the last hold what stands around it
      expect(lines.length).toBeGreaterThan(1_000);
      expect(new Set(lines.map((line) => mask.redact(`> ${line}`).replace(/^> /, '')))).toEqual(new Set(['****']));
    }
  });
});

describe('of a line whose end is lost', () => {
  test('no beginning of a secret is shown', () => {
    const mask = masker('0123456789abcdef');
    for (let end = 1; end <= 16; end++) {
      const text = `${'-'.repeat(200)}${'0123456789abcdef'.slice(0, end)}`;
      expect(mask.redactBeginning(text)).toMatch(/^-+(?:\*\*\*\*)?$/);
    }
  });

  test('a whole secret on the edge is masked whole', () => {
    const mask = masker('0123456789abcdef');
    const longest = Buffer.from('0123456789abcdef').toString('hex').length;
    const text = `${'-'.repeat(50)}0123456789abcdef${'+'.repeat(longest - 8)}`;
    expect(mask.redactBeginning(text)).toBe(`${'-'.repeat(50)}****`);
  });

  test('without secrets nothing is taken away', () => {
    expect(masker().redactBeginning('abc')).toBe('abc');
  });
});
