import type { RepositorySettings } from '../../domain/repository-settings';
import { nameOf } from '../item-text';
import type { Quote } from '../quote';
import { schemaFaults } from './check';
import { publicStatements } from './public-policy';
import type { SettingsJson } from './schema';

/** Settings, and the statements of their policy that let anybody in. */
export interface ParsedSettings {
  readonly settings: RepositorySettings;
  readonly publicStatements: readonly string[];
}

/** The settings, or all that is wrong with them, in sentences. */
export function parseRepositorySettings(text: string, quote: Quote): ParsedSettings | readonly string[] {
  if (text.length > LONGEST) return [`has more than ${LONGEST} characters`];
  const [letter] = CONTROL.exec(text) ?? [];
  if (letter !== undefined) return [`holds ${nameOf(letter)}`];
  if (depthOf(text) > DEEPEST) return [`is nested more than ${DEEPEST} deep`];
  const json = parseJson(text);
  if (typeof json === 'string') return [json];
  const faults = schemaFaults(json, quote);
  if (faults.length > 0) return faults;
  const settings = json as SettingsJson;
  const more = [...contradictions(settings), ...policyFaults(settings)];
  return more.length > 0
    ? more
    : { settings: settingsOf(settings), publicStatements: publicStatements(settings.repositoryPolicy ?? {}) };
}

// 1 MiB, as of the file; ECR's policies have 30 KiB at most.
const LONGEST = 1024 * 1024;
// Tabs and ends of lines are how JSON is laid out; JSON itself forbids them in its texts.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029]/;

// As for every JSON that is read here: what goes down further overflows the stack where it is written again.
const DEEPEST = 64;

function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  // A text that is not closed is no JSON anyway.
  for (const [token] of text.matchAll(/"[^"\\]*(?:\\[^][^"\\]*)*"?|[[{]|[\]}]/g)) {
    if (token === '{' || token === '[') most = Math.max(most, (depth += 1));
    else if (token === '}' || token === ']') depth -= 1;
  }
  return most;
}

function parseJson(text: string): object | string {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return `is not JSON${placeOf(text, error)}`;
  }
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : 'is not a JSON object';
}

/** Where the parser stopped, if it says so; the rest of its message quotes the text. */
function placeOf(text: string, error: unknown): string {
  const [, position] = /at position (\d+)/.exec(error instanceof Error ? error.message : '') ?? [];
  if (position === undefined) return '';
  const before = text.slice(0, Number(position)).split('\n');
  return ` (line ${before.length}, column ${(before.at(-1) ?? '').length + 1})`;
}

function contradictions(settings: SettingsJson): string[] {
  const { imageTagMutability = 'MUTABLE', imageTagMutabilityExclusionFilters: filters = [], encryption } = settings;
  const excludes = imageTagMutability.endsWith('_WITH_EXCLUSION');
  return [
    ...(filters.length > 0 && !excludes
      ? [
          `imageTagMutabilityExclusionFilters is for MUTABLE_WITH_EXCLUSION and IMMUTABLE_WITH_EXCLUSION, and imageTagMutability is ${imageTagMutability}`,
        ]
      : []),
    ...(filters.length === 0 && excludes
      ? [
          `imageTagMutability ${imageTagMutability} needs imageTagMutabilityExclusionFilters, which say what is excluded`,
        ]
      : []),
    ...(encryption?.type === 'AES256' && encryption.kmsKey !== undefined
      ? ['encryption.kmsKey is for KMS and KMS_DSSE, and encryption.type is AES256']
      : []),
  ];
}

// ECR's API: lifecyclePolicyText of PutLifecyclePolicy, policyText of SetRepositoryPolicy.
const LONGEST_LIFECYCLE = 30_720;
const LONGEST_POLICY = 10_240;

function policyFaults({ lifecyclePolicy, repositoryPolicy }: SettingsJson): string[] {
  return [
    ...(lifecyclePolicy && !Array.isArray(lifecyclePolicy['rules'])
      ? ['lifecyclePolicy has no list of rules: it is the policy itself, {"rules": […]}']
      : []),
    ...(lifecyclePolicy && JSON.stringify(lifecyclePolicy).length > LONGEST_LIFECYCLE
      ? [`lifecyclePolicy has more than ${LONGEST_LIFECYCLE} characters, the most that ECR takes`]
      : []),
    ...(repositoryPolicy && repositoryPolicy['Statement'] === undefined
      ? ['repositoryPolicy has no Statement: it is the policy itself, {"Version": "2012-10-17", "Statement": […]}']
      : []),
    ...(repositoryPolicy && JSON.stringify(repositoryPolicy).length > LONGEST_POLICY
      ? [`repositoryPolicy has more than ${LONGEST_POLICY} characters, the most that ECR takes`]
      : []),
  ];
}

function settingsOf(json: SettingsJson): RepositorySettings {
  const { encryption, lifecyclePolicy, repositoryPolicy } = json;
  const textOf = (policy: object | undefined): string | undefined => policy && JSON.stringify(policy);
  return {
    imageTagMutability: json.imageTagMutability,
    imageTagMutabilityExclusionFilters: json.imageTagMutabilityExclusionFilters ?? [],
    scanOnPush: json.scanOnPush,
    encryption: encryption && { type: encryption.type, kmsKey: encryption.kmsKey },
    lifecyclePolicy: textOf(lifecyclePolicy),
    repositoryPolicy: textOf(repositoryPolicy),
    tags: new Map(Object.entries(json.tags ?? {})),
  };
}
