import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILES = 20;
const FILE_BYTES = 2048;

/** The folder a contestant builds from: 20 files of 2 KiB, one COPY, one RUN. */
export class SmallImage {
  #changes = 0;

  constructor(
    readonly folder: string,
    base: string,
  ) {
    mkdirSync(join(folder, 'files'), { recursive: true });
    const steps = [`FROM ${base}`, 'COPY files /files', 'RUN cat /files/* | sha256sum > /files.sha256'];
    writeFileSync(join(folder, 'Dockerfile'), `${steps.join('\n')}\n`);
    for (let file = 0; file < FILES; file++) this.#write(file);
  }

  /** New content for one file: the COPY and the RUN must be done again. */
  change(): void {
    this.#write(this.#changes++ % FILES);
  }

  // Random, so that no contestant finds another one's layers.
  #write(file: number): void {
    const content = randomBytes(FILE_BYTES / 2).toString('hex');
    writeFileSync(join(this.folder, 'files', `${String(file).padStart(2, '0')}.txt`), content);
  }
}
