// Sparingly: how a run ended, the marks of the drawing, and what should not be overlooked.
const painter =
  (code: number) =>
  (text: string): string =>
    `\u001b[${code}m${text}\u001b[0m`;

export const green = painter(32);
export const red = painter(31);
export const yellow = painter(33);
