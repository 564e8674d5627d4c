/** A body or a header that GoCD would never send. Its message quotes nothing of it: there may be secrets in it. */
export class MalformedRequest extends Error {
  override readonly name = 'MalformedRequest';
}
