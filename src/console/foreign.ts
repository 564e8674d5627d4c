import { ConfigError, StepError } from '../domain/errors';
import type { HopChecked, HopFact, LintRule, PluginEvent } from '../domain/events';
import type { Outcome } from '../domain/outcome';
import { cleanContext, cleanExcerpt } from './foreign-files';
import { inline, sanitise, withoutUserInfo } from './sanitise';

/**
 * Makes the texts of others in an event harmless before anything is laid out: what is masked after it was shortened or
 * split into lines is masked too late.
 */
export function cleanEvent(event: PluginEvent, redact: (text: string) => string): PluginEvent {
  const clean = (text: string): string => cleanText(text, redact);
  switch (event.type) {
    case 'note':
    case 'pull-progress':
      return { ...event, text: clean(event.text) };
    case 'build-warning':
      return {
        ...event,
        text: clean(event.text),
        ...(event.lint === undefined ? {} : { lint: cleanLint(event.lint, clean) }),
      };
    case 'step-started':
      return {
        ...event,
        instruction: clean(event.instruction),
        ...(event.stage === undefined ? {} : { stage: clean(event.stage) }),
      };
    case 'task-started':
      return { ...event, name: clean(event.name) };
    case 'context-sent':
      return { ...event, report: cleanContext(event.report, clean) };
    case 'dockerfile-excerpt':
      return { ...event, path: clean(event.path), lines: cleanExcerpt(event.lines, clean) };
    case 'repository-drift': {
      const { setting, wanted, found } = event.drift;
      return { ...event, drift: { setting: clean(setting), wanted: clean(wanted), found: clean(found) } };
    }
    case 'hop-checked':
      return cleanHop(event, redact);
    case 'aws-described':
      return { ...event, identity: clean(event.identity) };
    case 'tag-described':
    case 'tag-pushed':
      return event.run === undefined ? event : { ...event, run: clean(event.run) };
    case 'target-failed':
      return { ...event, error: cleanError(event.error, clean) };
    case 'retrying':
      return { ...event, what: clean(event.what), reason: clean(event.reason) };
    case 'cleanup-failed':
      return { ...event, reason: clean(event.reason) };
    case 'ended':
      return { ...event, outcome: cleanOutcome(event.outcome, clean) };
    // Names, numbers and digests: short, in one line, and masked with the line that shows them.
    case 'started':
    case 'check-started':
    case 'disk-described':
    case 'phase-started':
    case 'phase-ended':
    case 'daemon-described':
    case 'repository-described':
    case 'target-started':
    case 'source-described':
    case 'image-reused':
    case 'platform-described':
    case 'base-described':
    case 'token-issued':
    case 'daemon-login':
    case 'builder-chosen':
    case 'build-started':
    case 'context-progress':
    case 'step-ended':
    case 'task-ended':
    case 'image-built':
    case 'layer':
    case 'tag-refused':
    case 'digest-verified':
    case 'refs-removed':
    case 'cancelling':
    case 'tick':
    // These two are taken apart into lines by the console itself.
    case 'build-output':
    case 'raw':
      return event;
  }
}

/** A line of a build's output: colours are its own. */
export function cleanOutput(text: string, redact: (text: string) => string): string {
  return sanitise(withoutUserInfo(redact(text)));
}

function cleanText(text: string, redact: (text: string) => string): string {
  return withoutUserInfo(redact(text)).split(/\r?\n/).map(inline).join('\n');
}

function cleanHop(event: HopChecked, redact: (text: string) => string): HopChecked {
  const clean = (text: string): string => cleanText(text, redact);
  const { error, because, farEnd } = event;
  return {
    ...event,
    // Of a fact nothing but texts changes: what comes out is the fact that went in.
    facts: event.facts.map((fact) => (typeof fact === 'string' ? clean(fact) : (cleanEvent(fact, redact) as HopFact))),
    ...(error !== undefined && { error: cleanError(error, clean) }),
    ...(because !== undefined && { because: clean(because) }),
    ...(farEnd !== undefined && { farEnd: clean(farEnd) }),
  };
}

function cleanLint({ rule, line, url }: LintRule, clean: (text: string) => string): LintRule {
  return { rule: clean(rule), line, url: url === undefined ? undefined : clean(url) };
}

function cleanOutcome(outcome: Outcome, clean: (text: string) => string): Outcome {
  if (!('state' in outcome)) return outcome;
  const targets = outcome.state.targets.map(({ error, ...target }) => {
    return { ...target, error: error === undefined ? undefined : cleanError(error, clean) };
  });
  const { awsProven } = outcome.state;
  const state = { ...outcome.state, targets, awsProven: awsProven === undefined ? undefined : clean(awsProven) };
  const cleaned = { ...outcome, state };
  return cleaned.kind === 'failed' ? { ...cleaned, error: cleanError(cleaned.error, clean) } : cleaned;
}

function cleanError(error: StepError, clean: (text: string) => string): StepError {
  if (error instanceof ConfigError) {
    return new ConfigError(error.problems.map(({ field, message }) => ({ field, message: clean(message) })));
  }
  const { code, hop, blame, message, hint, words, transient } = error;
  return new StepError(code, hop, blame, clean(message), {
    transient,
    ...(hint === undefined ? {} : { hint: clean(hint) }),
    ...(words === undefined ? {} : { words: clean(words) }),
  });
}
