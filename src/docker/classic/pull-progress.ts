import type { Report } from '../../pipeline/ports';
import type { DaemonMessage } from '../message-stream';

/** Makes few events of the many that a daemon sends while it pulls a base image. */
export class PullProgress {
  #image = '';
  readonly #layers = new Set<string>();
  readonly #done = new Set<string>();

  constructor(private readonly report: Report) {}

  take({ status = '', id }: DaemonMessage): void {
    const text = status.trim();
    if (text.startsWith('WARNING: ')) {
      this.report({ type: 'build-warning', text: text.slice('WARNING: '.length) });
    } else if (text.startsWith('Pulling from ')) {
      this.#start(`${text.slice('Pulling from '.length)}${id === undefined ? '' : `:${id}`}`);
    } else if (text.startsWith('Status: ')) {
      this.report({ type: 'pull-progress', text: text.slice('Status: '.length) });
    } else if (id !== undefined) {
      this.#layer(id, text);
    }
  }

  #start(image: string): void {
    this.#image = image;
    this.#layers.clear();
    this.#done.clear();
    this.report({ type: 'pull-progress', text: `pulling ${image}` });
  }

  #layer(id: string, status: string): void {
    this.#layers.add(id);
    if ((status !== 'Pull complete' && status !== 'Already exists') || this.#done.has(id)) return;
    this.#done.add(id);
    const text = `pulling ${this.#image}: ${this.#done.size} of ${this.#layers.size} layers`;
    this.report({ type: 'pull-progress', text });
  }
}
