import type { Instruction } from './dockerfile-lines';

/** The stages and images that a COPY or a RUN names. Neither builder expands a variable there. */
export function takenFrom({ name, rest }: Instruction): readonly string[] {
  if (name !== 'COPY' && name !== 'RUN') return [];
  const flags = /^(?:--\S+(?:\s+|$))*/.exec(rest)?.[0].trim().split(/\s+/) ?? [];
  return flags.flatMap((flag) => {
    if (/["'$\\`]/.test(flag)) return [];
    if (name === 'COPY') return flag.startsWith('--from=') ? [flag.slice('--from='.length)] : [];
    if (!flag.startsWith('--mount=')) return [];
    const from = flag
      .slice('--mount='.length)
      .split(',')
      .findLast((option) => /^from=/i.test(option));
    return from === undefined ? [] : [from.slice('from='.length)];
  });
}
