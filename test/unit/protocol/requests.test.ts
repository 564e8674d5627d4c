import { MalformedRequest } from '../../../src/protocol/malformed-request';
import { parseExecute, parseValidate } from '../../../src/protocol/requests';

const execute = (context: unknown, config: unknown = {}): string => JSON.stringify({ context, config });

function refusal(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedRequest);
    return (error as MalformedRequest).message;
  }
  return 'accepted';
}

describe('execute', () => {
  it('is read as GoCD sends it', () => {
    const request = parseExecute(
      execute(
        { workingDirectory: 'pipelines/cart', environmentVariables: { GO_PIPELINE_NAME: 'cart', EMPTY: '' } },
        {
          Repository: { value: 'shop/cart', secure: false, required: true },
          Tags: { value: '', secure: false, required: false },
          Target: { secure: false, required: false },
          Platform: { value: null },
        },
      ),
    );
    expect(request.workingDirectory).toBe('pipelines/cart');
    expect([...request.environmentVariables]).toEqual([
      ['GO_PIPELINE_NAME', 'cart'],
      ['EMPTY', ''],
    ]);
    expect([...request.fields]).toEqual([
      ['Repository', 'shop/cart'],
      ['Tags', ''],
      ['Target', ''],
      ['Platform', ''],
    ]);
  });

  it('keeps names that are properties of every object', () => {
    const body =
      '{"context":{"workingDirectory":"p","environmentVariables":{"__proto__":"a","constructor":"b"}},"config":{"__proto__":{"value":"c"}}}';
    const request = parseExecute(body);
    expect(request.environmentVariables.get('__proto__')).toBe('a');
    expect(request.environmentVariables.get('constructor')).toBe('b');
    expect(request.fields.get('__proto__')).toBe('c');
    expect(request.environmentVariables.get('toString')).toBeUndefined();
  });

  it('needs neither variables nor fields', () => {
    const request = parseExecute('{"context":{"workingDirectory":"p"}}');
    expect([request.environmentVariables.size, request.fields.size]).toEqual([0, 0]);
  });

  it.each([
    ['', 'The request is not JSON'],
    ['{"context":', 'The request is not JSON'],
    ['[]', 'The request is not a JSON object'],
    ['null', 'The request is not a JSON object'],
    ['"text"', 'The request is not a JSON object'],
    ['{}', 'context of the request is not a JSON object'],
    [execute([]), 'context of the request is not a JSON object'],
    [execute({}), 'context.workingDirectory of the request is not a path'],
    [execute({ workingDirectory: '' }), 'context.workingDirectory of the request is not a path'],
    [execute({ workingDirectory: 7 }), 'context.workingDirectory of the request is not a path'],
    [execute({ workingDirectory: 'a\0b' }), 'context.workingDirectory of the request is not a path'],
    [
      execute({ workingDirectory: 'p', environmentVariables: { A: 1 } }),
      'context.environmentVariables of the request has a value that is not a string',
    ],
    [
      execute({ workingDirectory: 'p', environmentVariables: 'A=1' }),
      'context.environmentVariables of the request is not a JSON object',
    ],
    [execute({ workingDirectory: 'p' }, []), 'config of the request is not a JSON object'],
    [
      execute({ workingDirectory: 'p' }, { Tags: 'x' }),
      'config of the request, one of its fields, is not a JSON object',
    ],
    [
      execute({ workingDirectory: 'p' }, { Tags: { value: true } }),
      'config of the request has a field whose value is not a string',
    ],
  ])('refuses %s', (body, message) => {
    expect(refusal(() => parseExecute(body))).toBe(message);
  });

  it('says nothing of what is in a malformed body', () => {
    const message = refusal(() => parseExecute('{"context":{"environmentVariables":{"PASSWORD":"hunter2"s3cret'));
    expect(message).toBe('The request is not JSON');
  });
});

describe('nesting', () => {
  const nested = (depth: number): string =>
    `{"context":{"workingDirectory":"p"},"other":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;

  it('is accepted to 64 and refused beyond', () => {
    expect(parseExecute(nested(64)).workingDirectory).toBe('p');
    expect(refusal(() => parseExecute(nested(65)))).toBe('The request is nested more than 64 deep');
  });

  it('is not counted inside strings, whatever they escape', () => {
    const text = `${'[{'.repeat(100)}\\"\\\\`;
    const body = execute({ workingDirectory: 'p', environmentVariables: { A: text } });
    expect(parseExecute(body).environmentVariables.get('A')).toBe(text);
  });

  it('is refused where JSON is not even closed', () => {
    expect(refusal(() => parseExecute('['.repeat(1_000_000)))).toBe('The request is nested more than 64 deep');
  });
});

describe('validate', () => {
  it('is read as GoCD sends it', () => {
    const fields = parseValidate(
      '{"Repository":{"value":"#{repo}","secure":false,"required":false},"Tags":{"secure":false,"required":false}}',
    );
    expect([...fields]).toEqual([
      ['Repository', '#{repo}'],
      ['Tags', ''],
    ]);
  });

  it.each([
    ['nonsense', 'The request is not JSON'],
    ['[{}]', 'The request is not a JSON object'],
    ['{"Tags":"x"}', 'The request, one of its fields, is not a JSON object'],
    ['{"Tags":{"value":3}}', 'The request has a field whose value is not a string'],
  ])('refuses %s', (body, message) => {
    expect(refusal(() => parseValidate(body))).toBe(message);
  });
});
