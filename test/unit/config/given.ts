import { ConfigError, StepError } from '../../../src/domain/errors';
import type { Plan } from '../../../src/domain/plan';
import { makePlan, type Surroundings } from '../../../src/config/plan';
import { emptySettings, type Settings } from '../../../src/config/settings';

type Texts = Readonly<Record<string, string>>;

/** What a test says of the surroundings; everything else is as in a run of pipeline `cart`. */
export interface Given {
  readonly fields?: Texts;
  readonly job?: Texts;
  readonly agent?: Texts;
  readonly properties?: Texts;
  readonly secure?: readonly string[];
  readonly settings?: Settings;
  readonly settingsFile?: Surroundings['repositorySettingsFile'];
}

export const RUN: Texts = {
  GO_PIPELINE_NAME: 'cart',
  GO_PIPELINE_COUNTER: '42',
  GO_PIPELINE_LABEL: '1.42',
  GO_STAGE_NAME: 'image',
  GO_STAGE_COUNTER: '1',
  GO_JOB_NAME: 'push',
  GO_REVISION: '3fa9c1d2b7e8',
};

export function surroundings(given: Given = {}): Surroundings {
  return {
    fields: new Map(Object.entries({ Repository: 'shop/cart', ...given.fields })),
    jobVariables: new Map(Object.entries({ ...RUN, ...given.job })),
    agentEnvironment: new Map(Object.entries(given.agent ?? {})),
    serverProperties: new Map(Object.entries(given.properties ?? {})),
    secureNames: new Set(given.secure ?? []),
    jobFolder: '/var/lib/go-agent/pipelines/cart',
    settings: given.settings ?? emptySettings,
    ...(given.settingsFile ? { repositorySettingsFile: given.settingsFile } : {}),
  };
}

export function planOf(given: Given = {}): Plan {
  return makePlan(surroundings(given));
}

/** `Field: message` of each problem; a StepError with a code of its own is an error of the test. */
export function problemsOf(given: Given): string[] {
  return problemsIn(() => planOf(given));
}

export function problemsIn(act: () => unknown): string[] {
  const error = thrownBy(act);
  if (!(error instanceof ConfigError)) throw error;
  return error.problems.map(({ field, message }) => `${field}: ${message}`);
}

export function thrownBy(act: () => unknown): StepError {
  try {
    act();
  } catch (error) {
    if (error instanceof StepError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
