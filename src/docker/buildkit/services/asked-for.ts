import { GRPC, GrpcError } from '../grpc/status';
import { fieldsOf, textOf, WireError } from '../wire/reader';

/** Field 1 of a request: the name of what is asked for. Other fields are nothing to us. */
export function askedFor(request: Buffer): string {
  try {
    let text = '';
    for (const field of fieldsOf(request)) if (field.number === 1) text = textOf(field);
    return text;
  } catch (error) {
    if (error instanceof WireError) throw new GrpcError(GRPC.INVALID_ARGUMENT, error.message);
    throw error;
  }
}
