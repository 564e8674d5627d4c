import { StepError } from '../../domain/errors';
import type { DaemonInfo, LocalImage } from '../../domain/daemon-info';
import type { Plan } from '../../domain/plan';
import type { BaseReference, Docker, Report, SourceFacts } from '../ports';

/** What the daemon has of the base images before the build. */
export type LocalBases = ReadonlyMap<BaseReference, LocalImage | undefined>;

export async function findBases(source: SourceFacts, docker: Docker, signal: AbortSignal): Promise<LocalBases> {
  const found = source.bases.map(async (base) => [base, await docker.inspect(base.ref, signal)] as const);
  return new Map(await Promise.all(found));
}

/**
 * Holds the platform asked for against the bases that the daemon has. Engines build the wrong architecture without a
 * word when a local base is of another one (measured: the classic builder on 20.10, BuildKit on 29's containerd store).
 */
export function checkPlatform(plan: Plan, info: DaemonInfo, bases: LocalBases, report: Report): void {
  const daemon = `${info.os}/${info.arch}`;
  const wanted = plan.build.platform;
  if (wanted !== undefined) report({ type: 'platform-described', wanted, daemon });
  for (const [base, local] of bases) {
    const platform = local === undefined ? undefined : platformOf(local);
    report({ type: 'base-described', ref: base.ref, platform, local: local !== undefined });
    if (platform === undefined || plan.build.pull || base.platform !== undefined) continue;
    if (wanted !== undefined && !samePlatform(platform, wanted)) throw mismatch(base.ref, base.line, platform, wanted);
  }
}

/** `linux/arm64/v8`. */
export function platformOf(image: Pick<LocalImage, 'os' | 'arch' | 'variant'>): string {
  return [image.os, image.arch, image.variant].filter((part) => part !== undefined && part !== '').join('/');
}

/** A variant counts only where both name one: `linux/arm64` and `linux/arm64/v8` are the same thing. */
function samePlatform(a: string, b: string): boolean {
  const [osA, archA, variantA] = a.split('/');
  const [osB, archB, variantB] = b.split('/');
  return osA === osB && archA === archB && (!variantA || !variantB || variantA === variantB);
}

function mismatch(ref: string, line: number, platform: string, wanted: string): StepError {
  return new StepError(
    'PLATFORM_MISMATCH',
    'agent-daemon',
    'config',
    `The base image ${ref} (Dockerfile line ${line}) is ${platform} on this daemon, but Platform asks for ${wanted}`,
    { hint: 'Set Pull=true so that the daemon fetches the base for that platform, or correct Platform' },
  );
}
