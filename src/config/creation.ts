import type { Problem } from '../domain/errors';
import { describeOrigin } from '../domain/origin';
import type { CreationPlan } from '../domain/plan';
import type { Quote } from './quote';
import { parseRepositorySettings, type ParsedSettings } from './repository-settings/parse';
import type { Settings } from './settings';
import type { Surroundings } from './surroundings';
import type { Task } from './task';

export interface CreationDecision {
  readonly plan: CreationPlan;
  readonly problems: readonly Problem[];
}

/** What becomes of the repository. `settings` undefined: the agent's are wrong, which is told already. */
export function planCreation(
  task: Task,
  file: Surroundings['repositorySettingsFile'],
  settings: Settings | undefined,
  quote: Quote,
): CreationDecision {
  const { parsed, problems } = parsedOf(task, file, quote);
  return {
    plan: { ifMissing: task.createRepository === 'if-missing', settings: parsed?.settings },
    problems: [...problems, ...(parsed && settings ? publicPolicy(parsed, settings) : [])].map((message) => ({
      field: 'RepositorySettings',
      message,
    })),
  };
}

function parsedOf(
  { repositorySettings: field }: Task,
  file: Surroundings['repositorySettingsFile'],
  quote: Quote,
): { parsed?: ParsedSettings; problems: readonly string[] } {
  if (field?.kind !== 'file') return field ? { parsed: field.parsed, problems: [] } : { problems: [] };
  const { path } = field;
  if (file === undefined || 'problem' in file)
    return { problems: [file?.problem ?? `file ${quote(path)} was not read`] };
  const parsed = parseRepositorySettings(file.text, quote);
  if ('settings' in parsed) return { parsed, problems: [] };
  return { problems: parsed.map((message) => `@${path}: ${message}`) };
}

function publicPolicy({ publicStatements }: ParsedSettings, { publicPolicy: allowed }: Settings): string[] {
  if (publicStatements.length === 0 || allowed?.value === true) return [];
  const [what] = [publicStatements.length === 1 ? 'statement' : 'statements'];
  const why =
    allowed === undefined
      ? "which needs allow.public-policy=true in the agent's settings"
      : `which ${describeOrigin(allowed.origin)} forbids`;
  return [`repositoryPolicy lets everybody in, without a Condition (${what} ${publicStatements.join(', ')}), ${why}`];
}
