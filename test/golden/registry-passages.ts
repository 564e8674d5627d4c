import type { PluginEvent } from '../../src/domain/events';
import type { PushedTag } from '../../src/domain/outcome';
import * as the from './passages';
import { digest, ENDPOINT, ENGINE, HOST, IDENTITY, imageId, pushedTag, START, type Recording } from './recording';

// What AWS tells of repositories and tags, and what several targets do to it.

export const OTHER_HOST = '444455556666.dkr.ecr.us-east-1.amazonaws.com';
export const OTHER_ROLE =
  'arn:aws:sts::444455556666:assumed-role/gocd-push/gocd-cart-42 (AlsoPushTo, from profile ci of job variable AWS_PROFILE)';
export const MAIN = `${HOST}/shop/cart`;
export const OTHER = `${OTHER_HOST}/shop/cart`;
export const EARLIER = Date.parse('2026-03-01T16:20:00.000Z');
export const IDENTITY_TAG = '1.42-3fa9c1d';

type Described = Extract<PluginEvent, { type: 'tag-described' }>;
type Started = Extract<PluginEvent, { type: 'started' }>;

export function started(recording: Recording, changes: Partial<Started> = {}): Recording {
  const phases = ['preflight', 'login', 'build', 'push', 'verify', 'cleanup'] as const;
  const fieldsSet = [{ name: 'Repository' }, { name: 'Tags', items: 1 }, { name: 'FloatingTags', items: 1 }];
  const head = { version: '1.4.0', mode: 'push', repository: 'shop/cart', endpoint: ENDPOINT } as const;
  return recording.report({ type: 'started', ...head, phases, fieldsSet, ...changes });
}

export function daemon(): PluginEvent {
  return { type: 'daemon-described', info: ENGINE, endpoint: ENDPOINT, origin: 'field DockerHost' };
}

export function aws(changes: Partial<Extract<PluginEvent, { type: 'aws-described' }>> = {}): PluginEvent {
  return { type: 'aws-described', account: '111122223333', region: 'eu-west-1', identity: IDENTITY, ...changes };
}

export function repository(changes: Partial<Extract<PluginEvent, { type: 'repository-described' }>> = {}): PluginEvent {
  return { type: 'repository-described', name: 'shop/cart', exists: true, mutability: 'MUTABLE', ...changes };
}

export function drift(setting: string, wanted: string, found: string): PluginEvent {
  return { type: 'repository-drift', name: 'shop/cart', drift: { setting, wanted, found } };
}

export function tag(name: string, state: Described['state'], changes: Partial<Described> = {}): Described {
  return { type: 'tag-described', tag: name, floating: name !== IDENTITY_TAG, state, ...changes };
}

/** `latest` of run 41 moves, as a rule. */
export function tags(): PluginEvent[] {
  return [tag(IDENTITY_TAG, 'free'), tag('latest', 'moves', { digest: digest('aa10') })];
}

export function target(name: string, index: number): PluginEvent {
  return { type: 'target-started', name, index, total: 2 };
}

export function preflight(recording: Recording, ...events: readonly PluginEvent[]): Recording {
  recording
    .report({ type: 'phase-started', phase: 'preflight' })
    .wait(310)
    .report(...events);
  return recording.wait(490).report({ type: 'phase-ended', phase: 'preflight', ok: true });
}

/** Both are asked at once; the answers are told one after the other. */
export function twoTargets(recording: Recording): Recording {
  return preflight(
    recording,
    target(MAIN, 1),
    aws(),
    repository(),
    ...tags(),
    daemon(),
    the.CLASSIC,
    target(OTHER, 2),
    aws({ account: '444455556666', region: 'us-east-1', identity: OTHER_ROLE }),
    repository({ mutability: 'IMMUTABLE_WITH_EXCLUSION', exclusions: ['latest*'] }),
    tag(IDENTITY_TAG, 'free'),
    tag('latest', 'moves', { digest: digest('bb20') }),
  );
}

export function twoLogins(recording: Recording): Recording {
  recording.report({ type: 'phase-started', phase: 'login' }).wait(120);
  for (const registry of [HOST, OTHER_HOST]) {
    const expiresAt = START + 12 * 3_600_000;
    recording.report({ type: 'token-issued', registry, expiresAt, refreshed: false }).wait(90);
    recording.report({ type: 'daemon-login', registry, accepted: true });
  }
  return recording.report({ type: 'phase-ended', phase: 'login', ok: true });
}

export function build(recording: Recording): Recording {
  the.npmBuild(the.contextSent(recording)).wait(2_000).report(the.stepEnded(5, false));
  return the.built(recording);
}

export function inOther(pushed: PushedTag): PushedTag {
  return { ...pushed, ref: { ...pushed.ref, repository: { host: OTHER_HOST, path: 'shop/cart' } } };
}

export function layers(host = HOST): PluginEvent[] {
  const ids = ['a1', 'b2', 'c3'] as const;
  const ref = { ...pushedTag(IDENTITY_TAG).ref, repository: { host, path: 'shop/cart' } };
  const sizes = { currentBytes: 3_100_000, totalBytes: 3_100_000 };
  return ids.map((id, index): PluginEvent =>
    index < 2 ? { type: 'layer', ref, id, state: 'present' } : { type: 'layer', ref, id, state: 'pushed', ...sizes },
  );
}

export function pushed(...tagged: readonly (PushedTag & { run?: string })[]): PluginEvent[] {
  return tagged.map((one) => ({ type: 'tag-pushed', ...one }));
}

export function verified(
  recording: Recording,
  by: readonly ('registry' | 'aws')[],
  ...refs: readonly PushedTag[]
): Recording {
  recording.report({ type: 'phase-started', phase: 'verify' }).wait(90);
  refs.forEach(({ ref, digest: named }, index) => {
    recording.report({ type: 'digest-verified', ref, digest: named, by: by[index] ?? 'aws' });
  });
  return recording.report({ type: 'phase-ended', phase: 'verify', ok: true });
}

export const SOURCE_ID = imageId('77ab');
