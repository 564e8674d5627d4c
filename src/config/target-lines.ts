import type { RepositoryPlan } from '../domain/plan';
import { attributeLines, unknownKey, type AttributeLine } from './buildkit/attributes';
import { Fault } from './fault';
import { parseRepositoryText } from './grammar';
import type { Reading, Value } from './reading';
import { roleFault } from './role';

/** A line of AlsoPushTo. */
export interface TargetLine {
  /** How messages name it. */
  readonly where: string;
  readonly from: Value;
  /** Always with its host. */
  readonly repository: RepositoryPlan & { readonly host: string };
  readonly role: Value | undefined;
}

const FORM = 'a line is host/repository, or host/repository role=ARN';

export function readTargets(reading: Reading): TargetLine[] {
  const lines = attributeLines(reading, {
    field: 'AlsoPushTo',
    separator: ' ',
    refuse: (key) => (key === 'role' ? undefined : unknownKey(key, ['role'], reading)),
  });
  return lines.flatMap((line) => {
    const target = line.whole ? targetOf(line, reading) : undefined;
    if (target instanceof Fault) reading.problem('AlsoPushTo', `${line.where} ${target.message}`);
    return target === undefined || target instanceof Fault ? [] : [target];
  });
}

function targetOf({ where, words, pairs }: AttributeLine, reading: Reading): TargetLine | Fault {
  const [from, ...others] = words;
  if (!from) return new Fault(`has no repository; ${FORM}`);
  if (others.length > 0) return new Fault(`has more than a repository and role=; ${FORM}`);
  const repository = parseRepositoryText(from.text);
  if (repository instanceof Fault) return new Fault(`names ${reading.quote(from.text)}, which ${repository.message}`);
  const { host } = repository;
  if (host === undefined) {
    return new Fault(`names ${reading.quote(from.text)} without its registry; ${FORM}`);
  }
  const role = pairs.get('role');
  const fault = role && roleFault(role, reading);
  return fault ?? { where, from, repository: { ...repository, host }, role };
}
