import { StepError } from '../../domain/errors';
import type { PluginEvent } from '../../domain/events';
import type { BuildRequest } from '../../pipeline/ports';
import { lineage, stagesOf } from './stage-graph';

const RULE = 'InvalidBaseImagePlatform';
const TEXT = /^Base image (\S+) was pulled with platform "([^"]+)", expected "([^"]+)"/;

/**
 * What BuildKit of the containerd store builds on a base of another platform has that base's files and the platform's
 * name, and it only warns (measured on 29). In a stage that files are only copied from that may be meant.
 */
export class BasePlatforms {
  readonly #found: { readonly text: string; readonly line: number }[] = [];

  note(event: PluginEvent): void {
    if (event.type !== 'build-warning' || event.lint?.rule !== RULE || event.lint.line === undefined) return;
    this.#found.push({ text: event.text, line: event.lint.line });
  }

  /** Throws where the image itself is built on such a base. */
  check({ plan, source }: Pick<BuildRequest, 'plan' | 'source'>): void {
    if (plan.platform === undefined || this.#found.length === 0) return;
    const lines = [...lineage(stagesOf(source.dockerfile) ?? [], plan.target)].map(({ from }) => from.line);
    const wrong = this.#found.find(({ line }) => lines.includes(line));
    const [, base = '', has = '', wanted = ''] = TEXT.exec(wrong?.text ?? '') ?? [];
    if (wrong === undefined || base === '') return;
    throw new StepError(
      'PLATFORM_MISMATCH',
      'none',
      'config',
      `The base image ${base} (${plan.dockerfile} line ${wrong.line}) is ${has}, and Platform asks for ${wanted}: the image would be called ${wanted} and hold ${has} programs`,
      { hint: 'Use a base image that has that platform, or correct Platform' },
    );
  }
}
