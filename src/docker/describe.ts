import type { DaemonInfo } from '../domain/daemon-info';
import { StepError } from '../domain/errors';
import type { Endpoint } from './endpoint';
import { noAnswer, notDocker } from './errors/connection-errors';
import { requestError } from './errors/request-errors';
import { isRecord, textOf, textsOf } from './json';
import { insecureIn, mirrorsIn } from './registry-config';
import { exchange } from './request';
import { within } from './within';

/** Engine 20.10, the oldest that this is tested on, speaks 1.41. */
const LEAST_API = '1.41';

type Fields = Readonly<Record<string, unknown>>;

/** Who the daemon is. Ping, version and info go out side by side. */
export function describe(endpoint: Endpoint, signal: AbortSignal): Promise<DaemonInfo> {
  const { describeMs } = endpoint.limits;
  const late = (): StepError => noAnswer(endpoint.where, describeMs);
  return within(describeMs, late, signal, async (limited) => {
    const [, version, info] = await Promise.all([
      ask(endpoint, '/_ping', limited),
      ask(endpoint, '/version', limited),
      ask(endpoint, '/info', limited),
    ]);
    if (!isRecord(version) || typeof version['ApiVersion'] !== 'string') {
      throw notDocker(endpoint.where, 'its answer to GET /version names no API version');
    }
    if (!isRecord(info)) throw notDocker(endpoint.where, 'its answer to GET /info is no JSON object');
    const found = daemonInfo(version, info);
    checkAge(found, endpoint);
    return found;
  });
}

async function ask(endpoint: Endpoint, path: string, signal: AbortSignal): Promise<unknown> {
  const answer = await exchange(endpoint, { method: 'GET', path }, signal, (refusal) =>
    requestError(refusal, `GET ${path}`, endpoint.where),
  );
  return answer?.body;
}

export function daemonInfo(version: Fields, info: Fields): DaemonInfo {
  return {
    product: productOf(version),
    engineVersion: textOf(version['Version']) ?? textOf(info['ServerVersion']) ?? '?',
    apiVersion: textOf(version['ApiVersion']) ?? '?',
    minApiVersion: textOf(version['MinAPIVersion']) ?? '?',
    os: textOf(version['Os']) ?? textOf(info['OSType']) ?? '?',
    arch: textOf(version['Arch']) ?? goArch(textOf(info['Architecture'])) ?? '?',
    store: isContainerdStore(info['DriverStatus']) ? 'containerd' : 'classic',
    storageDriver: textOf(info['Driver']) ?? '?',
    debug: info['Debug'] === true,
    securityOptions: textsOf(info['SecurityOptions']),
    httpProxy: withoutUser(textOf(info['HttpProxy'])),
    httpsProxy: withoutUser(textOf(info['HttpsProxy'])),
    noProxy: textOf(info['NoProxy']),
    mirrors: mirrorsIn(info['RegistryConfig']).map(shownUrl),
    insecureRegistries: insecureIn(info['RegistryConfig']),
    warnings: textsOf(info['Warnings']).map((warning) => warning.replace(/^WARNING: /, '')),
  };
}

/** Podman serves this API too, and says so only in the names of its components. */
function productOf(version: Fields): string {
  const components: readonly unknown[] = Array.isArray(version['Components']) ? version['Components'] : [];
  const names = components.map((one) => (isRecord(one) ? textOf(one['Name']) : undefined));
  if (names.some((name) => name?.startsWith('Podman'))) return 'Podman';
  return names.length === 0 || names.includes('Engine') ? 'Docker' : (names[0] ?? 'Docker');
}

/** Engine 29's default on a fresh machine; an upgraded one keeps its classic store. */
function isContainerdStore(status: unknown): boolean {
  const pairs: readonly unknown[] = Array.isArray(status) ? status : [];
  return pairs.some(
    (pair) =>
      Array.isArray(pair) && pair[0] === 'driver-type' && String(pair[1]).startsWith('io.containerd.snapshotter'),
  );
}

function checkAge(found: DaemonInfo, { where }: Endpoint): void {
  if (!isOlder(found.apiVersion, LEAST_API)) return;
  throw new StepError(
    'DAEMON_TOO_OLD',
    'agent-daemon',
    'environment',
    `The daemon at ${where.daemon} is ${found.product} ${found.engineVersion} (API ${found.apiVersion})${ageText(found)}; Docker Engine 20.10 (API ${LEAST_API}) is the oldest that works`,
    { hint: 'Update the daemon, or name another one in DockerHost' },
  );
}

/** Until 20.10 Docker's version numbers were a year and a month, from 17.03 on. */
function ageText({ product, engineVersion }: DaemonInfo): string {
  if (product !== 'Docker') return '';
  const [, major = ''] = /^(\d+)\.\d/.exec(engineVersion) ?? [];
  if (major === '0' || major === '1') return ', an engine from before March 2017';
  return /^1[7-9]$/.test(major) ? `, an engine of 20${major}` : '';
}

function isOlder(version: string, than: string): boolean {
  const [major = NaN, minor = NaN] = version.split('.').map(Number);
  const [leastMajor = NaN, leastMinor = NaN] = than.split('.').map(Number);
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}

function goArch(uname: string | undefined): string | undefined {
  if (uname === 'x86_64') return 'amd64';
  return uname === 'aarch64' ? 'arm64' : uname;
}

function withoutUser(url: string | undefined): string | undefined {
  return url === undefined ? undefined : shownUrl(url);
}

function shownUrl(url: string): string {
  return url.replace(/\/\/[^/]*@/, '//');
}
