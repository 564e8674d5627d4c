import type { Problem } from '../domain/errors';
import type { AwsPlan } from '../domain/plan';
import type { AwsSources } from './aws-sources';
import { CONTAINER, KEYS, setOf, TOKEN_FILE, type Variables } from './aws-variables';

const [ID = '', SECRET = '', SESSION = ''] = KEYS;
const ROLE = 'AWS_ROLE_ARN';

/** Half an identity is never completed from elsewhere: the SDK would go on and find another one without a word. */
export function credentialProblems(side: AwsPlan['side'], { job }: AwsSources, environment: Variables): Problem[] {
  const has = (name: string): boolean => environment.has(name);
  const owner = side === 'job' ? 'the job' : "the agent's environment";
  const problems: Problem[] = [];
  const half = (there: string, missing: string, means: string): void => {
    const setter = side === 'agent' && (job.get(there) ?? '') !== '' ? 'the job' : owner;
    problems.push({ field: there, message: `is set by ${setter}, and ${owner} sets no ${missing}: ${means}` });
  };
  if (has(ID) && !has(SECRET)) half(ID, SECRET, 'half a key is not completed from elsewhere');
  if (!has(ID) && has(SECRET)) half(SECRET, ID, 'half a key is not completed from elsewhere');
  if (has(SESSION) && !has(ID) && !has(SECRET)) half(SESSION, ID, 'a session token belongs to a key');
  if (has(ROLE) && !has(TOKEN_FILE)) half(ROLE, TOKEN_FILE, 'nobody could assume that role');
  if (has(TOKEN_FILE) && !has(ROLE)) half(TOKEN_FILE, ROLE, 'a web identity is for a role');
  const borrowed = setOf(job, CONTAINER).map(([name]) => ({
    field: name,
    message:
      "is set by the job, and a container's credentials are the agent's: give the job keys, a token file or AWS files",
  }));
  return [...problems, ...borrowed];
}
