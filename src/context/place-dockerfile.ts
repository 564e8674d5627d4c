import { createHash } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { isBeneath } from '../files/confine';
import type { Extra } from './tar-job';
import { readSharedIgnoreFile, type IgnoreRules } from './ignore-rules';
import type { Named, Places } from './places';

export interface PlacedDockerfile {
  /** Its path in the archive. */
  readonly inTar: string;
  /** Paths of the context that the daemon must get although they may be ignored. */
  readonly always: readonly string[];
  readonly extras: readonly Extra[];
}

/**
 * Where the daemon finds the Dockerfile. The classic builder takes it out of what COPY sees only when `.dockerignore` names
 * it. So one that lies outside of the context, or that only its own ignore file leaves out, goes in under a reserved name
 * which a `.dockerignore` of ours names, as docker's CLI does for a `-f` outside.
 */
export async function placeDockerfile(
  jobFolder: string,
  named: Named,
  { root, dockerfile, content }: Places,
  rules: IgnoreRules,
): Promise<PlacedDockerfile> {
  const path = inTar(root, dockerfile);
  const hidden = rules.of === 'dockerfile' && rules.matcher.ignores(path);
  const shared = await readSharedIgnoreFile(jobFolder, named, root);
  if (isBeneath(root, dockerfile) && !hidden) {
    const ignoreFiles = shared && rules.of === 'context' ? ['.dockerignore', inTar(root, shared.path)] : [];
    return { inTar: path, always: [path, ...ignoreFiles], extras: [] };
  }
  const name = await freeName(root, content);
  const seen = shared && !rules.matcher.ignores('.dockerignore');
  const lines = `${seen || rules.of === 'context' ? (shared?.text ?? '') : '.dockerignore'}\n${name}\n`;
  const extras = [
    { path: '.dockerignore', content: Buffer.from(lines) },
    { path: name, content },
  ];
  return { inTar: name, always: ['.dockerignore'], extras };
}

// Made from the content: the name stands in `.dockerignore`, and a new one each time would undo the cache of `COPY . .`.
async function freeName(root: string, content: Buffer): Promise<string> {
  for (let round = 0; ; round++) {
    const hash = createHash('sha256').update(`${round}\n`).update(content).digest('hex');
    const name = `.dockerfile.${hash.slice(0, 20)}`;
    const taken = await lstat(join(root, name)).then(Boolean, () => false);
    if (!taken) return name;
  }
}

function inTar(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}
