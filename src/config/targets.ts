import type { Problem } from '../domain/errors';
import type { Sourced } from '../domain/origin';
import type { AwsPlan, RepositoryPlan, TargetPlan } from '../domain/plan';
import type { MakeRole } from './role';
import type { Task } from './task';

/** The places of AlsoPushTo: asked by the same side, each in its own region and account, by the line's role or the task's. */
export function planTargets({ targets }: Task, aws: AwsPlan, makeRole: MakeRole): TargetPlan[] {
  return targets.map(({ repository, role }) => {
    const { registry } = repository;
    return {
      repository,
      aws: {
        ...aws,
        region: registry ? ofLine(registry.region) : aws.region,
        registryId: registry?.accountId === undefined ? undefined : ofLine(registry.accountId),
        role: role ? makeRole('AlsoPushTo', role.text) : aws.role,
      },
    };
  });
}

function ofLine(value: string): Sourced<string> {
  return { value, origin: { kind: 'field', name: 'AlsoPushTo' } };
}

/** A token for ECR goes to ECR, unless the whole of AWS is a stand-in. */
export function strangeRegistries({ repository, targets, mode }: Task, aws: AwsPlan): Problem[] {
  if (aws.customEndpoint || mode === 'build') return [];
  const tell = (field: string, where: string, { host, registry }: RepositoryPlan): Problem[] => {
    if (host === undefined || registry) return [];
    const message = `${where}names the host ${host}, which is not an ECR registry: a token for ECR is not sent there`;
    return [{ field, message }];
  };
  return [
    ...(repository ? tell('Repository', '', repository.value) : []),
    ...targets.flatMap((line) => tell('AlsoPushTo', `${line.where} `, line.repository)),
  ];
}
