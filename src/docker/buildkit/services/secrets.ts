import type { UnaryHandler } from '../grpc/server';
import { GRPC, GrpcError } from '../grpc/status';
import { Writer } from '../wire/writer';
import { askedFor } from './asked-for';
import type { Counter } from './counter';

const DATA = 1;

/** BuildKit asks for these whenever a source is a git repository or a URL, whether or not the build names them. */
const TRIED = /^(GIT|HTTP)_AUTH_(TOKEN|HEADER)([._]|$)/;

/**
 * GetSecret. NOT_FOUND is what BuildKit wants for a secret that is not there: with `required=false` it goes on
 * (buildkit: session/secrets/secrets.go).
 */
export function getSecret(counter: Counter): UnaryHandler {
  return (request) => {
    const id = askedFor(request);
    const secret = counter.offer.secrets.get(id);
    if (secret === undefined)
      throw TRIED.test(id) ? new GrpcError(GRPC.NOT_FOUND, 'not found') : counter.refuse('secret', id);
    return new Writer().bytes(DATA, secret).end();
  };
}
