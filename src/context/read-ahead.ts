/** Results in order, with up to `count` of the works under way at a time. */
export async function* readAhead<T, R>(
  items: AsyncIterable<T>,
  work: (item: T) => Promise<R>,
  count: number,
): AsyncGenerator<R, void> {
  const waiting: Promise<R>[] = [];
  for await (const item of items) {
    const result = work(item);
    result.catch(() => undefined); // thrown where its turn comes; if that never comes, nobody wants to know
    waiting.push(result);
    const first = waiting.length >= count ? waiting.shift() : undefined;
    if (first) yield await first;
  }
  for (const result of waiting) yield await result;
}

/** The same bytes in pieces of at least `least` bytes: a daemon's socket is not asked for every small file. */
export async function* inLargePieces(pieces: AsyncIterable<Buffer>, least: number): AsyncGenerator<Buffer, void> {
  let held: Buffer[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    held.push(piece);
    bytes += piece.length;
    if (bytes < least) continue;
    yield Buffer.concat(held, bytes);
    held = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(held, bytes);
}
