import { StepError } from '../../../domain/errors';
import type { BuildPlan } from '../../../domain/plan';
import type { GrpcClient } from '../grpc/client';
import { fieldsOf, textOf } from '../wire/reader';

const LIST_WORKERS = '/moby.buildkit.v1.Control/ListWorkers';
const LABEL = 'org.mobyproject.buildkit.worker.moby.host-gateway-ip';

/** The addresses that `host-gateway` in ExtraHosts stands for: POST /build knows them, Solve must be told. */
export async function hostGateways(
  calls: Pick<GrpcClient, 'unary'>,
  plan: BuildPlan,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (!plan.extraHosts.some((host) => host.endsWith(':host-gateway'))) return [];
  const found = workerLabel(await calls.unary(LIST_WORKERS, new Uint8Array(), signal), LABEL);
  if (found !== undefined && found !== '') return found.split(',');
  throw new StepError(
    'CONFIG_INVALID',
    'agent-daemon',
    'config',
    'ExtraHosts has host-gateway, and the daemon does not say which address that is',
    { hint: "Write the address of the daemon's host in its place" },
  );
}

/** ListWorkersResponse{1 record}, WorkerRecord{2 labels}. */
function workerLabel(message: Uint8Array, label: string): string | undefined {
  for (const record of fieldsOf(message)) {
    if (record.number !== 1 || record.bytes === undefined) continue;
    for (const field of fieldsOf(record.bytes)) {
      if (field.number !== 2 || field.bytes === undefined) continue;
      const [key, value] = [...fieldsOf(field.bytes)].map(textOf);
      if (key === label) return value;
    }
  }
  return undefined;
}
