import { posix } from 'node:path';
import type { Tag } from '../domain/image-ref';
import type { BuildPlan, Mode, Ulimit } from '../domain/plan';
import { readCache } from './buildkit/cache-lines';
import { readContexts } from './buildkit/context-lines';
import { readLogins } from './buildkit/login-lines';
import { readNoCache } from './buildkit/no-cache';
import { readProvenance } from './buildkit/provenance';
import { parseBytes, parseUlimit } from './buildkit/resources';
import { readSecrets } from './buildkit/secret-lines';
import { readSsh } from './buildkit/ssh-lines';
import { contradictions } from './contradictions';
import { parseDockerHost } from './docker-host';
import type { Parser } from './fault';
import { fieldNamed, type FieldKey } from './fields';
import * as grammar from './grammar';
import { readArgs, readLabels } from './pairs';
import { ABSOLUTE_BY_EXPANSION, absoluteByExpansion, parsePath, parseResultFile } from './path-text';
import type { Read, Reading } from './reading';
import type { Task } from './task';

// After a `??` stands what is never used: a field with a default is undefined only where there is a problem, or in
// `validate`, which asks for the problems alone.
export function readTask(reading: Reading): Task {
  const take = <T>(key: FieldKey, parse: Parser<T>): T | undefined => reading.one(key, parse)?.value;
  const context = readPath(reading, 'Context') ?? '.';
  const task: Task = {
    repository: reading.one('Repository', grammar.parseRepositoryText),
    tags: readTags(reading),
    context,
    dockerfile: readPath(reading, 'Dockerfile') ?? posix.join(context, 'Dockerfile'),
    args: readArgs(reading),
    labels: readLabels(reading),
    ociLabels: take('OciLabels', grammar.parseSwitch) ?? true,
    target: take('Target', grammar.parseTarget),
    platform: take('Platform', grammar.parsePlatform),
    networkMode: take('NetworkMode', grammar.parseNetworkMode),
    extraHosts: reading.many('ExtraHosts', grammar.parseExtraHost).map(({ value }) => value),
    noCache: readNoCache(reading),
    pull: take('Pull', grammar.parseSwitch) ?? false,
    shmSizeBytes: take('ShmSize', parseBytes),
    ulimits: readUlimits(reading),
    builder: take('Builder', grammar.parseChoice(BUILDERS)) ?? 'auto',
    secrets: readSecrets(reading),
    ssh: readSsh(reading),
    contexts: readContexts(reading),
    provenance: readProvenance(reading),
    logins: readLogins(reading),
    cacheFrom: readCache(reading, 'CacheFrom'),
    cacheTo: readCache(reading, 'CacheTo'),
    dockerHost: reading.one('DockerHost', parseDockerHost),
    tlsVerify: take('TlsVerify', grammar.parseSwitch),
    certPath: readPath(reading, 'CertPath'),
    region: take('Region', grammar.parseRegion),
    registryId: take('RegistryId', grammar.parseAccount),
    mode: take('Mode', grammar.parseChoice(MODES)) ?? 'push',
    cleanup: take('Cleanup', grammar.parseChoice(['own', 'keep'])) ?? 'own',
    timeoutMinutes: take('TimeoutMinutes', grammar.parseMinutes),
    resultFile: take('ResultFile', parseResultFile) ?? 'ecr-image.json',
  };
  reading.problems.push(...contradictions(task));
  return task;
}

const MODES: readonly Mode[] = ['push', 'build', 'check'];
const BUILDERS: readonly BuildPlan['builder'][] = ['auto', 'buildkit', 'classic'];

function readUlimits(reading: Reading): Ulimit[] {
  const limits = new Map<string, Ulimit>();
  for (const { value } of reading.many('Ulimits', parseUlimit)) {
    if (limits.has(value.name)) reading.problem('Ulimits', `${value.name} is given twice`);
    limits.set(value.name, value);
  }
  return [...limits.values()];
}

function readPath(reading: Reading, key: FieldKey): string | undefined {
  const read = reading.one(key, parsePath);
  if (!read || !absoluteByExpansion(read.from)) return read?.value;
  reading.problem(key, `${reading.quote(read.from.typed)} ${ABSOLUTE_BY_EXPANSION}`);
  return undefined;
}

const DEFAULT_TAG = fieldNamed('Tags')?.default ?? '';

/** Each tag once, in the order given. */
function readTags(reading: Reading): Read<Tag>[] {
  const before = reading.problems.length;
  const tags = new Map<Tag, Read<Tag>>();
  for (const tag of reading.many('Tags', grammar.parseTagText)) {
    if (tags.has(tag.value)) reading.notes.push(`Tags: ${tag.value} is given twice and pushed once`);
    else tags.set(tag.value, tag);
  }
  const expected = reading.knowsAll('Tags') && reading.problems.length === before;
  if (tags.size === 0 && expected)
    reading.problem('Tags', `${reading.quote(reading.typed('Tags') || DEFAULT_TAG)} leaves no tag`);
  return [...tags.values()];
}
