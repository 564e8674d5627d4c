/** What a vertex is to whoever reads the log. */
export type VertexName =
  | {
      readonly kind: 'step';
      /** undefined: the Dockerfile has one stage. */
      readonly stage: string | undefined;
      readonly index: number;
      readonly total: number;
      readonly instruction: string;
    }
  | { readonly kind: 'task'; readonly name: string };

// `[build  2/12] RUN …`, `[linux/amd64->arm64 build 2/5] …`, `[2/3] …`: buildkit's dockerfile2llb/convert.go,
// prefixCommand. A stage's name has no slash, a platform always has one.
const STEP = /^\[(?:[^\s/]+(?:\/[^\s/]+)+ )?(?:([^\s/[\]]+) )? *(\d{1,6})\/(\d{1,6})\] ([\s\S]+)$/;

/** Reads a vertex's name; what is no step of the Dockerfile is a task: loading, resolving, exporting. */
export function vertexName(name: string): VertexName {
  const match = STEP.exec(name);
  if (match === null) return { kind: 'task', name };
  const [, stage, index, total, instruction = ''] = match;
  return { kind: 'step', stage, index: Number(index), total: Number(total), instruction: instruction.trimEnd() };
}
