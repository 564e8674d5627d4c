import { instructionsOf } from '../../context/dockerfile-lines';
import type { PluginEvent } from '../../domain/events';
import { linesAt } from '../buildkit/failing-instruction';
import { excerptOf } from '../dockerfile-excerpt';
import type { BuildFailure } from './build-stream';

/** The Dockerfile where it failed: this builder counts every instruction as a step. undefined: not sure. */
export function excerptOfFailure(failure: BuildFailure, dockerfile: string, path: string): PluginEvent | undefined {
  const line = lineOf(failure, dockerfile);
  if (line === undefined) return undefined;
  const { from, to } = linesAt(line, dockerfile);
  return excerptOf(dockerfile, path, from, to);
}

function lineOf({ message, step }: BuildFailure, dockerfile: string): number | undefined {
  const parse = /dockerfile parse error (?:on )?line (\d+): /.exec(message)?.[1];
  if (parse !== undefined) return Number(parse);
  const { instructions, sure } = instructionsOf(dockerfile);
  return sure && step !== undefined ? instructions[step - 1]?.line : undefined;
}
