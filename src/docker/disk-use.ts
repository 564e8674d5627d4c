import type { DiskUse } from '../domain/daemon-info';
import type { Endpoint } from './endpoint';
import { noAnswer, notDocker } from './errors/connection-errors';
import { requestError } from './errors/request-errors';
import { isRecord } from './json';
import { exchange } from './request';
import { within } from './within';

type Fields = Readonly<Record<string, unknown>>;

// Containers and volumes are nobody's business here, and take longest. Engine 20.10 knows no types and counts all.
const CALL = { method: 'GET', path: '/system/df', query: { type: ['image', 'build-cache'] } } as const;

/** What the daemon's disk is used for. It may count for minutes where there is much: it has as long as `describe` has. */
export function diskUse(endpoint: Endpoint, signal: AbortSignal): Promise<DiskUse> {
  const { describeMs } = endpoint.limits;
  return within(
    describeMs,
    () => noAnswer(endpoint.where, describeMs),
    signal,
    async (limited) => {
      const answer = await exchange(endpoint, CALL, limited, (refusal) =>
        requestError(refusal, 'GET /system/df', endpoint.where),
      );
      if (!isRecord(answer?.body)) throw notDocker(endpoint.where, 'its answer to GET /system/df is no JSON object');
      return diskUseIn(answer.body);
    },
  );
}

/** `ImageUsage` and `BuildCacheUsage` are Engine 29's, which leaves out what is 0; lists are everybody's. */
export function diskUseIn(said: Fields): DiskUse {
  const images = said['ImageUsage'];
  if (isRecord(images)) {
    return {
      images: number(images['TotalCount']),
      imagesBytes: number(images['TotalSize']),
      cacheBytes: cacheIn(said),
    };
  }
  const list = listOf(said['Images']);
  const layers = number(said['LayersSize']);
  // Podman tells no LayersSize.
  return { images: list.length, imagesBytes: layers > 0 ? layers : sum(list), cacheBytes: cacheIn(said) };
}

function cacheIn(said: Fields): number | undefined {
  const usage = said['BuildCacheUsage'];
  if (isRecord(usage)) return number(usage['TotalSize']);
  if (typeof said['BuilderSize'] === 'number') return said['BuilderSize'];
  // Engine 28 tells the records only; what is shared is an image's too, and counted there.
  const records = said['BuildCache'];
  return Array.isArray(records) ? sum(listOf(records).filter((record) => record['Shared'] !== true)) : undefined;
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function sum(list: readonly Fields[]): number {
  return list.reduce((total, { Size: size }) => total + number(size), 0);
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
