import type { Settings } from '../config/settings';
import { StepError } from '../domain/errors';
import type { HopChecked, HopFact } from '../domain/events';
import type { FieldSet, Plan } from '../domain/plan';
import type { Clock, Report } from '../pipeline/ports';

type End = Pick<HopChecked, 'state' | 'error' | 'because'>;

/** The first hops of Mode=check, before there is a run: what the agent decides, and what the task comes to. */
export class CheckOpening {
  #startedAt: number;
  #settings: { readonly tookMs: number; readonly facts: readonly HopFact[] } | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly about: { readonly version: string; readonly runtime: string },
    private readonly report: Report,
  ) {
    this.#startedAt = clock.now();
  }

  settingsAreRead(path: string, settings: Settings, properties: ReadonlyMap<string, string>): void {
    this.#settings = { tookMs: this.#lap(), facts: settingsFacts(path, settings, properties) };
  }

  planIsMade(plan: Plan): void {
    if (plan.mode !== 'check') return;
    const tookMs = this.#lap();
    this.#begin({ state: 'ok' });
    this.#tell('plan', tookMs, planFacts(plan), { state: 'ok' });
  }

  /** Where the field says check: of a mode that only the plan would have told, nobody knows. */
  failed(mode: string | undefined, error: unknown): void {
    if (mode?.trim() !== 'check' || !(error instanceof StepError)) return;
    const tookMs = this.#lap();
    if (this.#settings === undefined) {
      this.#begin({ state: 'failed', error }, tookMs);
      this.#tell('plan', 0, [], { state: 'skipped', because: 'settings failed' });
    } else {
      this.#begin({ state: 'ok' });
      this.#tell('plan', tookMs, [], { state: 'failed', error });
    }
  }

  #begin(end: End, tookMs = this.#settings?.tookMs ?? 0): void {
    this.report({ type: 'check-started', ...this.about });
    this.#tell('settings', tookMs, this.#settings?.facts ?? [], end);
  }

  #tell(name: string, durationMs: number, facts: readonly HopFact[], end: End): void {
    this.report({ type: 'hop-checked', name, hop: 'none', durationMs, facts, ...end });
  }

  #lap(): number {
    const before = this.#startedAt;
    this.#startedAt = this.clock.now();
    return this.#startedAt - before;
  }
}

function settingsFacts(
  path: string,
  { daemons, defaults }: Settings,
  properties: ReadonlyMap<string, string>,
): readonly HopFact[] {
  const names = daemons.map(({ name }) => name);
  return [
    path === '' ? 'no settings file (GOCD_ECR_SETTINGS is not set)' : `settings file ${path} (GOCD_ECR_SETTINGS)`,
    ...(properties.size === 0 ? [] : [`server properties gocd.ecr.: ${[...properties.keys()].join(', ')}`]),
    ...(names.length === 0 ? [] : [`daemons: ${names.join(', ')}`]),
    ...(defaults.size === 0 ? [] : [`defaults: ${[...defaults.keys()].join(', ')}`]),
  ];
}

function planFacts({ repository, alsoPushTo, tags, floatingTags, fieldsSet }: Plan): readonly HopFact[] {
  const places = [repository, ...alsoPushTo.map((target) => target.repository)];
  return [
    places.map(({ host, path }) => (host === undefined ? path : `${host}/${path}`)).join(', '),
    `tags: ${[...tags, ...floatingTags].join(', ')}`,
    `fields set: ${fieldsSet.map(fieldText).join(' ')}`,
  ];
}

function fieldText({ name, items }: FieldSet): string {
  return items === undefined ? name : `${name}(${items})`;
}
