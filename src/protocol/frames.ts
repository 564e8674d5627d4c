import type { Reply } from './task-service';

/** One console line as a frame. A line break in it would begin a line of its own in GoCD's console, so it is shown escaped. */
export function lineFrame(line: string): string {
  const single = line.replace(/[\r\n]/g, (end) => (end === '\r' ? '\\r' : '\\n'));
  return `${JSON.stringify({ line: single })}\n`;
}

/** The frame that ends a stream. */
export function responseFrame(reply: Reply): string {
  return `${JSON.stringify({ response: { success: reply.success, message: reply.message } })}\n`;
}
