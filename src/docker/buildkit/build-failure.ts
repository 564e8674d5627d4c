/** An error that a build ended with: the daemon's words, not understood yet. */
export class BuildFailure extends Error {
  constructor(
    message: string,
    /** Lines of the Dockerfile, from 1, where the daemon tells them. */
    readonly lines: readonly { readonly from: number; readonly to: number }[] = [],
  ) {
    super(message);
  }
}
