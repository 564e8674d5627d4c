/** What is run: a request's file (`-`: stdin), or fields as they are typed (`Repository=team/app`). */
export type CommandInput = { readonly file: string } | { readonly fields: readonly string[] };

/** `undefined`: these are no arguments of the command. */
export function inputOf(command: 'run' | 'check', args: readonly string[]): CommandInput | undefined {
  const [first, ...more] = args;
  if (first === undefined) return undefined;
  if (first.includes('=')) return command === 'check' ? { fields: args } : undefined;
  return more.length === 0 ? { file: first } : undefined;
}
