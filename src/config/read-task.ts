import { posix } from 'node:path';
import type { BuildPlan, Mode, Plan, Ulimit } from '../domain/plan';
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
import { tellNeeds } from './field-needs';
import type { FieldKey } from './fields';
import * as grammar from './grammar';
import { readArgs, readLabels } from './pairs';
import { ABSOLUTE_BY_EXPANSION, absoluteByExpansion, parsePath, parseResultFile } from './path-text';
import type { Reading } from './reading';
import { readSettingsField } from './repository-settings/field';
import { parseExternalId, parseProfile, parseRole } from './role';
import { parseSource } from './source-text';
import { readFloatingTags, readTags } from './tags';
import { readTargets } from './target-lines';
import type { Task } from './task';
import { PEM_FIELDS, parseVariableName } from './pem-fields';

// After a `??` stands what is never used: a field with a default is undefined only where there is a problem, or in
// `validate`, which asks for the problems alone.
export function readTask(reading: Reading): Task {
  const take = <T>(key: FieldKey, parse: Parser<T>): T | undefined => reading.one(key, parse)?.value;
  const context = readPath(reading, 'Context') ?? '.';
  const task: Task = {
    repository: reading.one('Repository', grammar.parseRepositoryText),
    tags: readTags(reading),
    floatingTags: readFloatingTags(reading),
    existingTag: take('ExistingTag', grammar.parseChoice(EXISTING)) ?? 'reuse',
    source: reading.one('Source', parseSource),
    targets: readTargets(reading),
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
    tlsPem: readPemFields(reading),
    region: take('Region', grammar.parseRegion),
    registryId: take('RegistryId', grammar.parseAccount),
    assumeRole: reading.one('AssumeRole', parseRole),
    externalId: reading.one('ExternalId', parseExternalId),
    awsProfile: take('AwsProfile', parseProfile),
    createRepository: take('CreateRepository', grammar.parseChoice(['never', 'if-missing'])) ?? 'never',
    repositorySettings: readSettingsField(reading),
    mode: take('Mode', grammar.parseChoice(MODES)) ?? 'push',
    cleanup: take('Cleanup', grammar.parseChoice(['own', 'keep'])) ?? 'own',
    timeoutMinutes: take('TimeoutMinutes', grammar.parseMinutes),
    resultFile: take('ResultFile', parseResultFile) ?? 'ecr-image.json',
  };
  reading.problems.push(...contradictions(task));
  tellNeeds(task, reading);
  return task;
}

const MODES: readonly Mode[] = ['push', 'build', 'check'];
const EXISTING: readonly Plan['existingTag'][] = ['reuse', 'overwrite', 'fail'];
const BUILDERS: readonly BuildPlan['builder'][] = ['auto', 'buildkit', 'classic'];

function readUlimits(reading: Reading): Ulimit[] {
  const limits = new Map<string, Ulimit>();
  for (const { value } of reading.many('Ulimits', parseUlimit)) {
    if (limits.has(value.name)) reading.problem('Ulimits', `${value.name} is given twice`);
    limits.set(value.name, value);
  }
  return [...limits.values()];
}

function readPemFields(reading: Reading): Task['tlsPem'] {
  const found = PEM_FIELDS.map((field) => [field, reading.one(field, parseVariableName)?.value] as const);
  return new Map(found.flatMap(([field, name]) => (name === undefined ? [] : [[field, name] as const])));
}

function readPath(reading: Reading, key: FieldKey): string | undefined {
  const read = reading.one(key, parsePath);
  if (!read || !absoluteByExpansion(read.from)) return read?.value;
  reading.problem(key, `${reading.quote(read.from.typed)} ${ABSOLUTE_BY_EXPANSION}`);
  return undefined;
}
