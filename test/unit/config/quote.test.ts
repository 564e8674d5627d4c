import fc from 'fast-check';
import { quote, quoteWithout, redact } from '../../../src/config/quote';

describe('a value in a message', () => {
  test.each([
    ['plain', '"plain"'],
    ['', '""'],
    ['a\nb\r\t\u0000\u001b[31m', '"a\\u000ab\\u000d\\u0009\\u0000\\u001b[31m"'],
    ['\u0085\u2028\u202e\u2066\u200f', '"\\u0085\\u2028\\u202e\\u2066\\u200f"'],
    ['𝒳é', '"𝒳é"'],
    ['x'.repeat(100), `"${'x'.repeat(100)}"`],
    ['𝒳'.repeat(101), `"${'𝒳'.repeat(100)}…"`],
    ['tcp://user:pass@host:1', '"tcp://****@host:1"'],
    ['tcp://us@er@host:1/x@y', '"tcp://****@host:1/x@y"'],
  ])('%j is shown as %s', (value, shown) => {
    expect(quote(value)).toBe(shown);
  });

  test('holds no secret, whole or cut', () => {
    const show = quoteWithout(['s3cret-value']);
    expect(show('a s3cret-value b')).toBe('"a **** b"');
    expect(show(`${'x'.repeat(95)}s3cret-value`)).toBe(`"${'x'.repeat(95)}****"`);
  });
});

describe('redacting', () => {
  test.each([
    ['nothing here', ['secret'], 'nothing here'],
    ['secret', ['secret'], '****'],
    ['secretsecret', ['secret'], '********'],
    ['abcdefghi!', ['abcdef', 'defghi'], '****!'],
    ['aaaaaaa', ['aaaaaa'], '****'],
    ['abc secret', ['', 'secret'], 'abc ****'],
  ])('%j without %j is %j', (text, secrets, shown) => {
    expect(redact(text, secrets)).toBe(shown);
  });

  test('leaves no secret in any text', () => {
    const short = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.array(short, { minLength: 1, maxLength: 3 }),
        fc.array(short, { maxLength: 8 }),
        (secrets, parts) => {
          const shown = redact(parts.join(''), secrets);
          for (const secret of secrets) expect(shown).not.toContain(secret);
        },
      ),
    );
  });
});
