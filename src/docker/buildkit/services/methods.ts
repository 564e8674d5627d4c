import type { Methods } from '../grpc/server';
import { credentials } from './auth';
import type { Counter } from './counter';
import { diffCopy } from './diff-copy';
import { check } from './health';
import { getSecret } from './secrets';
import { checkAgent, forwardAgent } from './ssh';

/** What BuildKit tries without need, knowing that not every client has it. */
const TRIED: readonly string[] = [
  '/moby.filesync.v1.Auth/FetchToken',
  '/moby.filesync.v1.Auth/GetTokenAuthority',
  '/moby.filesync.v1.Auth/VerifyTokenAuthority',
];

/** All that a session answers. */
export function methodsOf(counter: Counter): Methods {
  return {
    unary: new Map([
      ['/grpc.health.v1.Health/Check', check],
      ['/moby.buildkit.secrets.v1.Secrets/GetSecret', getSecret(counter)],
      ['/moby.filesync.v1.Auth/Credentials', credentials(counter)],
      ['/moby.sshforward.v1.SSH/CheckAgent', checkAgent(counter)],
    ]),
    streams: new Map([
      ['/moby.filesync.v1.FileSync/DiffCopy', diffCopy(counter)],
      ['/moby.sshforward.v1.SSH/ForwardAgent', forwardAgent(counter)],
    ]),
    unknown: (path) => {
      if (!TRIED.includes(path)) counter.refuse('method', path);
    },
  };
}
