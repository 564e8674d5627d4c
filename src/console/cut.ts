import { bytes } from './human';

/** GoCD has no limit of its own for a plugin's lines, and its server has run out of memory over long ones (gocd#11100). */
export const LINE_LIMIT = 8 * 1024;

/** At most 8 KiB of a line, and how much more there was; `already` is what was lost before. */
export function cut(line: string, already = 0): string {
  // No UTF-16 unit takes more than three bytes.
  if (already === 0 && line.length * 3 <= LINE_LIMIT) return line;
  const encoded = Buffer.from(line);
  if (already === 0 && encoded.length <= LINE_LIMIT) return line;
  const head = encoded.subarray(0, boundary(encoded)).toString();
  const lost = encoded.length - Buffer.byteLength(head) + already;
  return `${withoutBrokenColour(head)} … ${bytes(lost)} of this line cut`;
}

/** Where a character begins: a UTF-8 continuation byte is 10xxxxxx. */
function boundary(encoded: Buffer): number {
  let end = Math.min(LINE_LIMIT, encoded.length);
  while (end < encoded.length && ((encoded[end] ?? 0) & 0xc0) === 0x80) end--;
  return end;
}

function withoutBrokenColour(head: string): string {
  const start = head.lastIndexOf('\u001b');
  return start >= 0 && !head.includes('m', start) ? head.slice(0, start) : head;
}
