import { StepError } from '../../../domain/errors';
import type { Digest } from '../../../domain/image-ref';
import type { RunIdentity } from '../../../domain/plan';
import type { ImageConfig, RegistryImage } from '../../../domain/registry-image';
import { readRunLabel, RUN_LABEL, type RunMark } from '../../../domain/run-label';
import { ahead } from '../../ahead';
import type { Ecr } from '../../ports';

/**
 * Reads what images say of themselves, each image once: the config of a digest never changes. AWS's documented push policy
 * does not allow it, and its storage may be out of the agent's reach: `unreadable` is an answer.
 */
export class LabelReader {
  readonly #configs = new Map<Digest, Promise<ImageConfig | 'unreadable' | undefined>>();
  #trouble = '';

  constructor(
    private readonly ecr: Ecr,
    private readonly path: string,
    private readonly run: RunIdentity,
  ) {}

  /** Why the last one was unreadable. */
  get trouble(): string {
    return this.#trouble;
  }

  config(image: RegistryImage, signal: AbortSignal): Promise<ImageConfig | 'unreadable' | undefined> {
    const asked = this.#configs.get(image.digest) ?? ahead(this.#read(image, signal));
    this.#configs.set(image.digest, asked);
    return asked;
  }

  /** Which run made the image; undefined: it does not say, or not with the key that it must be said with. */
  async mark(image: RegistryImage, signal: AbortSignal): Promise<RunMark | 'unreadable' | undefined> {
    const config = await this.config(image, signal);
    if (config === 'unreadable') return config;
    return readRunLabel(config?.labels.get(RUN_LABEL), this.run.repository, this.run.reuseKey);
  }

  async #read(image: RegistryImage, signal: AbortSignal): Promise<ImageConfig | 'unreadable' | undefined> {
    try {
      return await this.ecr.readConfig(this.path, image, signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof StepError)) throw error;
      this.#trouble = error.code === 'AWS_DENIED' ? 'ecr:GetDownloadUrlForLayer is denied' : error.message;
      return 'unreadable';
    }
  }
}
