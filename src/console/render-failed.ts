import { ConfigError, type StepError } from '../domain/errors';
import type { Outcome, RunState } from '../domain/outcome';
import { duration, plural, span } from './human';
import { ours, type Line } from './line';
import { red, yellow } from './paint';
import { removedText, unremovedText } from './render-cleanup';
import { drawing, HOP_NAMES, type Hops } from './render-drawing';
import { excerptLines } from './render-excerpt';
import { stepLabel } from './render-layout';
import { pushingName, pushProgress } from './render-push';
import { rerunLines, targetRemains } from './render-rerun';
import type { RenderState } from './render-state';
import { failedTargets, targetTable } from './render-target-table';

type Failed = Extract<Outcome, { kind: 'failed' }>;
type Stopped = Extract<Outcome, { kind: 'cancelled' | 'timed-out' }>;

const MOST_WORDS = 60;
const MOST_STEPS = 3;

/** Where it broke, on which hop, in whose words, why, what to do, what is where. */
export function failedBlock(state: RenderState, outcome: Failed, files: readonly string[], at: number): Line[] {
  const { error } = outcome;
  if (error instanceof ConfigError) return configBlock(error, files).map(ours);
  const several = error.code === 'TARGETS_FAILED';
  // Of several that failed, each did so in a phase of its own.
  const where = outcome.phase === undefined || failedTargets(outcome.state).length > 1 ? '' : ` in ${outcome.phase}`;
  const head = `${red('FAILED')}${elapsed(state, at)}${where}   ${error.code}`;
  const reasons = several ? targetsBlock(state, outcome, at) : errorBlock(state, outcome, at);
  const [first = '', ...more] = reasons;
  return [`${head}${first}`, ...more, ...remains(state, outcome, files)].map(ours);
}

/** The first text is the end of the heading. */
function errorBlock(state: RenderState, { error, state: run }: Failed, at: number): string[] {
  return [
    hopText(error),
    ...drawing(state, hopsOf(run), error.hop, at),
    ...(state.failedStep === undefined ? [] : [`Step:  ${stepLabel(state.failedStep)}`]),
    ...excerptLines(state),
    ...reasonLines(error),
    ...targetTable(run),
  ];
}

/** Each target that failed has reasons of its own. */
function targetsBlock(state: RenderState, { error, state: run }: Failed, at: number): string[] {
  const failed = failedTargets(run);
  if (failed.length === 0) return ['', ...reasonLines(error)];
  return [
    `   ${failed.length} of ${plural(run.targets.length, 'target')}`,
    ...drawing(state, hopsOf(run), failed[0]?.error.hop ?? 'none', at), // the state's hops are those of the first
    ...targetTable(run),
    ...failed.flatMap(({ target, error: reason }) => [
      `Target: ${target.name}   ${reason.code}${hopText(reason)}`,
      ...reasonLines(reason),
      ...labelled('State: ', targetRemains(state, target, reason, run).join('\n')),
    ]),
  ];
}

function hopText({ hop }: StepError): string {
  return hop === 'none' ? '' : `   hop: ${HOP_NAMES[hop]}`;
}

/** In whose words, why, and what to do. */
export function reasonLines(error: StepError): string[] {
  const fix = error.hint === undefined ? [] : labelled('Fix:   ', error.hint);
  return [...wordsLines(error), ...labelled('Why:   ', error.message), ...fix];
}

/** CANCELLED and TIMED OUT: where we were, and what is where. */
export function stoppedBlock(state: RenderState, outcome: Stopped, files: readonly string[], at: number): Line[] {
  const what = outcome.kind === 'cancelled' ? 'CANCELLED' : 'TIMED OUT';
  const where = outcome.phase === undefined ? ' before anything was done' : ` in ${outcome.phase}`;
  const limit = outcome.kind === 'cancelled' ? '' : `   limit: ${span(outcome.limitMs)} (field TimeoutMinutes)`;
  return [
    `${yellow(what)}${elapsed(state, at)}${where}${limit}`,
    ...drawing(state, hopsOf(outcome.state), 'none', at),
    ...whereLines(state, outcome, at),
    ...targetTable(outcome.state),
    ...remains(state, outcome, files),
  ].map(ours);
}

function configBlock(error: ConfigError, files: readonly string[]): string[] {
  const head = `${red('FAILED')}   ${error.code}   ${plural(error.problems.length, 'problem')}, nothing was started`;
  return [
    head,
    ...error.problems.flatMap(({ field, message }) => labelled(`  ${field}: `, message)),
    ...details(files),
  ];
}

function hopsOf(state: RunState): Hops {
  const { awsProven, daemonProven, registry, registryProven } = state;
  return { aws: awsProven, daemon: daemonProven, registry, registryProven };
}

function wordsLines(error: StepError): string[] {
  const lines = error.words?.trim().split('\n') ?? [];
  if (lines.length === 0) return [];
  const shown = lines.slice(0, MOST_WORDS).map((text) => `  | ${text}`.trimEnd());
  const more = lines.length - shown.length;
  return [`${speaker(error)}:`, ...shown, ...(more > 0 ? [`  … ${plural(more, 'line')} more`] : [])];
}

function speaker(error: StepError): string {
  switch (error.hop) {
    case 'agent-aws':
      return 'AWS says';
    case 'agent-daemon':
      return 'The daemon says';
    case 'daemon-registry':
      return 'The registry says';
    case 'none':
      return error.blame === 'build' ? 'The daemon says' : 'In its own words';
  }
}

function whereLines(state: RenderState, outcome: Stopped, at: number): string[] {
  if (outcome.phase === 'build') return labelled('Where: ', runningSteps(state, at).join('\n'));
  if (outcome.phase !== 'push' || state.pushing === undefined) return [];
  return labelled('Where: ', `pushing ${pushingName(state)}, ${pushProgress(state).text}`);
}

/** Longest first. */
function runningSteps({ steps }: RenderState, at: number): string[] {
  const running = [...steps.values()].sort((a, b) => a.startedAt - b.startedAt);
  const told = running.slice(0, MOST_STEPS).map((step) => `${stepLabel(step)}, for ${duration(at - step.startedAt)}`);
  const more = running.length - told.length;
  return more > 0 ? [...told, `and ${plural(more, 'more step')}`] : told;
}

function remains(state: RenderState, outcome: Failed | Stopped, files: readonly string[]): string[] {
  const left = state.unremoved.flatMap((event) => labelled('Left:  ', unremovedText(event)));
  const cleanup = state.removed === undefined ? [] : labelled('Cleanup: ', removedText(state));
  const told = 'error' in outcome && outcome.error.code === 'TARGETS_FAILED' && outcome.state.targets.length > 0;
  const rerun = told ? [] : labelled('State: ', rerunLines(state, outcome).join('\n'));
  return [...rerun, ...cleanup, ...left, ...details(files)];
}

function details(files: readonly string[]): string[] {
  if (files.length === 0) return [];
  const keep = files.length === 1 ? 'declare it as an artifact to keep it' : 'declare them as artifacts to keep them';
  return [`Details: ${files.join(', ')} (${keep})`];
}

function elapsed({ startedAt }: RenderState, at: number): string {
  return startedAt === undefined ? '' : ` after ${duration(at - startedAt)}`;
}

/** A text of several lines stays beneath its label. */
function labelled(label: string, text: string): string[] {
  const [first = '', ...more] = text.trim().split('\n');
  if (first === '') return [];
  return [`${label}${first}`, ...more.map((line) => `${' '.repeat(label.length)}${line}`.trimEnd())];
}
