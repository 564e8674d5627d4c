import { Fault } from '../config/fault';
import { parseResultFile } from '../config/path-text';
import { parseRepository } from '../domain/image-ref';
import { PLAIN_BUILD } from '../domain/plain-build';
import type { Plan } from '../domain/plan';
import type { ExecuteRequest } from '../protocol/requests';

const DEFAULT_RESULT_FILE = 'ecr-image.json';

/**
 * Enough of a plan to leave `ecr-image.failed.json` and to remove an earlier run's results where the configuration is
 * wrong: a later task must not find the image of yesterday. undefined where ResultFile itself is in doubt; a guess could
 * remove the result of another task.
 */
export function refusedPlan({ fields, environmentVariables }: ExecuteRequest, jobFolder: string): Plan | undefined {
  const resultFile = literalResultFile(fields.get('ResultFile')?.trim() ?? '');
  if (resultFile === undefined) return undefined;
  const variable = (name: string): string => environmentVariables.get(name) ?? '';
  const typed = fields.get('Repository')?.trim() ?? '';
  const { host, path } = parseRepository(typed) ?? { host: undefined, path: typed };
  const nowhere = { value: '', origin: { kind: 'built-in' } } as const;
  return {
    mode: 'push',
    repository: { host, registry: undefined, path },
    alsoPushTo: [],
    allowedRegistries: [],
    tags: [],
    floatingTags: [],
    existingTag: 'reuse',
    creation: { ifMissing: false, settings: undefined },
    source: undefined,
    build: PLAIN_BUILD,
    daemon: { kind: 'unix', socketPath: '', display: nowhere },
    aws: {
      region: undefined,
      registryId: undefined,
      side: 'agent',
      environment: new Map(),
      role: undefined,
      profile: undefined,
      proxy: undefined,
      customEndpoint: false,
    },
    cleanup: 'own',
    timeoutMs: undefined,
    files: { jobFolder, resultFile, outputs: [] },
    run: {
      server: variable('GO_SERVER_URL'),
      pipeline: variable('GO_PIPELINE_NAME'),
      counter: variable('GO_PIPELINE_COUNTER'),
      label: variable('GO_PIPELINE_LABEL'),
      stage: variable('GO_STAGE_NAME'),
      stageCounter: variable('GO_STAGE_COUNTER'),
      job: variable('GO_JOB_NAME'),
      revisions: new Map(),
      mark: { pipeline: '', counter: '', revision: '', fields: '' },
      repository: typed,
      reuseKey: undefined,
      taskKey: '',
    },
    fieldsSet: [],
    notes: [],
    secrets: [],
  };
}

function literalResultFile(typed: string): string | undefined {
  if (typed === '') return DEFAULT_RESULT_FILE;
  if (/[$#\u0000-\u001f]/.test(typed)) return undefined;
  const path = parseResultFile(typed);
  return path instanceof Fault ? undefined : path;
}
