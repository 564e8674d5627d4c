import type { PluginEvent } from '../../../domain/events';
import type { VertexWarning } from './status-response';

// `StageNameCasing: Stage name 'X' should be lowercase (line 1)`: buildkit's frontend/dockerfile/linter.
const LINT = /^([A-Z][A-Za-z]+): ([\s\S]*?)(?: \(line \d+\))?$/;

/** A linter's finding keeps its rule, line and page; any other warning is a text. */
export function warningEvent({ short, url, line }: VertexWarning): PluginEvent {
  const [, rule, text] = LINT.exec(short) ?? [];
  if (rule === undefined || text === undefined) return { type: 'build-warning', text: short };
  return { type: 'build-warning', text, lint: { rule, line, url: url === '' ? undefined : url } };
}
