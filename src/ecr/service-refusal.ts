/** An error answer, in the form that the SDK's clients give theirs, so that one place reads both. */
export class ServiceRefusal extends Error {
  override readonly name: string;
  readonly $metadata: { readonly httpStatusCode: number; readonly attempts: number };
  readonly $response: { readonly headers: Readonly<Record<string, string>> };

  constructor(status: number, headers: Readonly<Record<string, string>>, body: string) {
    const { code, message } = readBody(body);
    super(message);
    // What the SDK calls an answer in another form.
    this.name = code ?? 'SyntaxError';
    this.$metadata = { httpStatusCode: status, attempts: 1 };
    this.$response = { headers };
  }
}

interface Told {
  readonly code: string | undefined;
  readonly message: string;
}

/** `{"__type":"com.amazonaws…#Code","message":"…"}` (JSON 1.1), or `<Code>…</Code><Message>…</Message>` (query protocol). */
function readBody(body: string): Told {
  if (!body.trimStart().startsWith('{')) {
    return {
      code: /<Code>([^<]+)<\/Code>/.exec(body)?.[1],
      message: /<Message>([^<]*)<\/Message>/.exec(body)?.[1] ?? '',
    };
  }
  const json = parse(body);
  const type = json['__type'] ?? json['code'];
  const message = json['message'] ?? json['Message'];
  return {
    code: typeof type === 'string' ? type.slice(type.indexOf('#') + 1) : undefined,
    message: typeof message === 'string' ? message : '',
  };
}

function parse(body: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch {
    return {};
  }
}
