import { StepError } from '../domain/errors';
import type { BaseReference, BuildRequest, Mask } from '../pipeline/ports';
import { lineage, stagesOf } from './buildkit/stage-graph';
import type { Endpoint } from './endpoint';
import { inspectImage } from './images';
import { isRecord, textOf } from './json';
import { authHeader } from './registry-auth';
import { exchange } from './request';
import { within } from './within';

/** A registry that is slower is not waited for: the build asks it again, and has words of its own for what is wrong. */
const LOOK_LIMIT_MS = 10_000;

/** What is put into a path; a reference that is none says so in the build. */
const REFERENCE = /^[A-Za-z0-9](?:[A-Za-z0-9_@:/-]|\.(?!\.))*$/;

/**
 * Holds the platform asked for against what the registry has of a base that the daemon will pull. Engine 20.10 takes a base
 * that is there for one platform only for whatever platform is asked for, and says nothing (measured). What cannot be
 * told is no error.
 */
export async function checkBasePlatforms(
  endpoint: Endpoint,
  request: Pick<BuildRequest, 'plan' | 'source' | 'login'>,
  mask: Mask,
  signal: AbortSignal,
): Promise<void> {
  const { plan, source } = request;
  const wanted = plan.platform;
  if (wanted === undefined) return;
  const check = async (base: BaseReference): Promise<void> => {
    const there = await platformsOf(endpoint, base, request, mask, signal);
    if (there.length === 0 || there.some((platform) => runsAs(platform, wanted))) return;
    throw mismatch(base, plan.dockerfile, there, wanted);
  };
  // In a stage that files are only copied from, another platform may be meant.
  const lines = new Set([...lineage(stagesOf(source.dockerfile) ?? [], plan.target)].map(({ from }) => from.line));
  await Promise.all(source.bases.filter(({ line, platform }) => lines.has(line) && platform === undefined).map(check));
}

/** As the daemon that will pull it sees them; none: it will not, or could not be asked. */
async function platformsOf(
  endpoint: Endpoint,
  { ref, host }: BaseReference,
  { plan, login }: Pick<BuildRequest, 'plan' | 'login'>,
  mask: Mask,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (!REFERENCE.test(ref)) return [];
  const credentials = login(host);
  const headers = credentials === undefined ? {} : authHeader(credentials, mask);
  try {
    return await within(LOOK_LIMIT_MS, late, signal, async (limited) => {
      if (!plan.pull && (await inspectImage(endpoint, ref, limited)) !== undefined) return [];
      const call = { method: 'GET', path: `/distribution/${ref}/json`, headers } as const;
      const answer = await exchange(endpoint, call, limited, () => undefined);
      const platforms = isRecord(answer?.body) ? answer.body['Platforms'] : undefined;
      return Array.isArray(platforms) ? platforms.map(platformOf).filter((one) => one !== undefined) : [];
    });
  } catch {
    signal.throwIfAborted();
    return [];
  }
}

function late(): Error {
  return new Late();
}

class Late extends Error {}

/** undefined: an attestation, which is for no platform, or nothing that we know. */
function platformOf(said: unknown): string | undefined {
  if (!isRecord(said)) return undefined;
  const [os, arch, variant] = [textOf(said['os']), textOf(said['architecture']), textOf(said['variant'])];
  if (os === undefined || arch === undefined || os === 'unknown' || arch === 'unknown') return undefined;
  return variant === undefined ? `${os}/${arch}` : `${os}/${arch}/${variant}`;
}

// What a daemon takes for a platform that is not there, and what does run (containerd: platforms/compare.go).
const RUNS: Readonly<Record<string, string>> = { amd64: '386', arm64: 'arm' };

function runsAs(platform: string, wanted: string): boolean {
  const [os, arch, variant = ''] = platform.split('/');
  const [wantedOs, wantedArch = '', wantedVariant = ''] = wanted.split('/');
  if (os !== wantedOs) return false;
  if (arch !== wantedArch) return arch === RUNS[wantedArch];
  // `v6` runs on `v7`; without a number there is nothing to compare.
  return !(Number(variant.slice(1) || NaN) > Number(wantedVariant.slice(1) || NaN));
}

function mismatch(
  { ref, line }: BaseReference,
  dockerfile: string,
  platforms: readonly string[],
  wanted: string,
): StepError {
  const there = [...new Set(platforms)];
  const listed = there.length < 2 ? there.join('') : `${there.slice(0, -1).join(', ')} and ${there.at(-1) ?? ''}`;
  return new StepError(
    'PLATFORM_MISMATCH',
    'daemon-registry',
    'config',
    `The base image ${ref} (${dockerfile} line ${line}) is for ${listed} in its registry, and Platform asks for ${wanted}`,
    { hint: 'Use a base image that has that platform, or correct Platform' },
  );
}
