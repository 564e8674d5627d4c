import { StepError } from '../domain/errors';
import { isLineFault } from './errors';
import { readFault } from './fault';

const WHAT = "The image's config";

/** S3's (or a stand-in's) refusal of a signed URL; its own code is in the XML of the body. */
export function blobRefused(url: URL, status: number, body: string): StepError {
  const code = /<Code>(\w{1,64})<\/Code>/.exec(body)?.[1];
  const shown = `${code === undefined ? '' : `${code} `}(HTTP ${status})`;
  const message = `${WHAT} is refused at ${url.origin}: ${shown.trim()}`;
  const transient = status === 429 || status >= 500;
  return new StepError('AWS_ERROR', 'agent-aws', 'environment', message, {
    ...(transient ? { transient, hint: 'A rerun is safe' } : {}),
    ...(status === 403 ? { hint: deniedHint(url) } : {}),
  });
}

/** ECR keeps layers in a bucket of its own: AWS's guide "Amazon ECR interface VPC endpoints" names what must be allowed. */
function deniedHint({ hostname }: URL): string {
  const bucket = /^[a-z0-9-]+-starport-layer-bucket(?=\.s3)/.exec(hostname)?.[0];
  const what = bucket === undefined ? 'the bucket of its layers' : `arn:aws:s3:::${bucket}/*`;
  return `ECR signs the URL itself; if there is a VPC endpoint for S3, its policy must allow s3:GetObject on ${what}`;
}

export function blobUnreachable(url: URL, error: unknown): StepError {
  const { code, words } = readFault(error);
  const late = code === 'ABORT_ERR' || code === 'ETIMEDOUT';
  const why = late ? 'there is no answer in time' : code === '' ? 'the connection fails' : code;
  return new StepError(
    'AWS_UNREACHABLE',
    'agent-aws',
    'environment',
    `${WHAT} cannot be fetched from ${url.origin}: ${why}`,
    {
      ...(late || words === '' ? {} : { words }),
      hint: 'ECR keeps layers in S3: the agent needs a way there, by a VPC endpoint or a proxy',
      transient: late || isLineFault(code),
    },
  );
}

/** What is offered or comes is not it. */
export function blobUnusable(url: URL | undefined, why: string): StepError {
  const from = url === undefined ? 'a text that is no URL' : url.origin;
  return new StepError('AWS_ERROR', 'agent-aws', 'environment', `${WHAT} from ${from} ${why}: it is not believed`);
}
