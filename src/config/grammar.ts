import { parseEcrHost } from '../domain/ecr-registry';
import { parseRepository, parseTag, type Tag } from '../domain/image-ref';
import type { RepositoryPlan } from '../domain/plan';
import { Fault, type Parser } from './fault';
import { foreignDomain } from './partitions';

export function parseChoice<T extends string>(choices: readonly T[]): Parser<T> {
  return (text) => choices.find((choice) => choice === text) ?? new Fault(choiceFault(choices));
}

/** Also what the schema says of a literal that is no choice. */
export function choiceFault(choices: readonly string[]): string {
  return `is not one of ${choices.join(', ')}`;
}

export const parseSwitch: Parser<boolean> = (text) => {
  const choice = parseChoice(['true', 'false'])(text);
  return choice instanceof Fault ? choice : choice === 'true';
};

// A timer of Node counts to 2^31 ms, which is 24.8 days; a week is more than any build takes.
const MOST_MINUTES = 7 * 24 * 60;
export const MINUTES_FAULT = `is not a whole number of minutes from 1 to ${MOST_MINUTES}`;

export const parseMinutes: Parser<number> = (text) => {
  const minutes = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return minutes >= 1 && minutes <= MOST_MINUTES ? minutes : new Fault(MINUTES_FAULT);
};

export const parseTagText: Parser<Tag> = (text) =>
  parseTag(text) ??
  new Fault(
    'is not a legal tag: letters, digits, `_`, `.` and `-`, at most 128, the first neither `.` nor `-`; `${NAME|tag}` makes any text one',
  );

export const parseRepositoryText: Parser<RepositoryPlan> = (text) => {
  const repository = parseRepository(text);
  if (!repository) return new Fault(repositoryFault(text));
  const { host, path } = repository;
  const registry = host === undefined ? undefined : parseEcrHost(host);
  const foreign = host === undefined || registry ? undefined : foreignDomain(host);
  return foreign === undefined ? { host, path, registry } : new Fault(foreign);
};

function repositoryFault(text: string): string {
  if (text.includes('://')) return 'is a URL: write the address without its scheme';
  if (text.includes('@')) return 'holds a digest: the repository is named without one';
  if (text.slice(text.lastIndexOf('/')).includes(':')) return 'holds a tag: that belongs in Tags';
  const slash = text.indexOf('/');
  const hasHost = slash > 0 && /[.:]/.test(text.slice(0, slash)); // a host is read in any case
  if (/[A-Z]/.test(hasHost ? text.slice(slash + 1) : text)) return 'holds capital letters: ECR allows small ones only';
  return 'is not a repository: 2 to 256 small letters, digits and single `.`, `_`, `-` between them, in parts separated by `/`';
}

export const parseRegion: Parser<string> = (text) =>
  /^[a-z]{2,4}(?:-[a-z]+){1,3}-\d{1,2}$/.test(text)
    ? text
    : new Fault('is not an AWS region: it looks like eu-west-1 or us-gov-east-1');

export const parseAccount: Parser<string> = (text) =>
  /^\d{12}$/.test(text) ? text : new Fault('is not an AWS account: it has 12 digits');

// The names that uname and Node use beside those of Go, which the daemon speaks.
const ARCHITECTURES: ReadonlyMap<string, string> = new Map([
  ['x86_64', 'amd64'],
  ['x64', 'amd64'],
  ['aarch64', 'arm64'],
]);

export const parsePlatform: Parser<string> = (text) => {
  if (text.includes(',')) return new Fault('names several platforms: one task builds one, as os/arch[/variant]');
  const match = /^([a-z]+)\/([a-z0-9_]+)(\/[a-z0-9.]+)?$/.exec(text.toLowerCase());
  if (!match) return new Fault('is not a platform: it looks like linux/arm64 or linux/arm/v7');
  const [, os = '', arch = '', variant = ''] = match;
  return `${os}/${ARCHITECTURES.get(arch) ?? arch}${variant}`;
};

export const parseTarget: Parser<string> = (text) =>
  /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(text)
    ? text
    : new Fault('is not a stage: letters, digits, `_`, `.` and `-`, or its number');

export const parseNetworkMode: Parser<string> = (text) => {
  if (text.startsWith('container:')) {
    return new Fault(
      "is refused: a build may not enter another container's network; use default, none, host or a network",
    );
  }
  return /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(text)
    ? text
    : new Fault('is not a network: default, none, host, or the name of a network on the daemon');
};

/** `host:address` or `host=address`, as `docker build --add-host` takes them. */
export const parseExtraHost: Parser<string> = (text) => {
  const [, host, address = ''] = /^([A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?)[:=](.+)$/.exec(text) ?? [];
  if (host === undefined) return new Fault('is not host:address, such as registry.local:10.0.0.7');
  const bare = address.replace(/^\[(.*)\]$/, '$1');
  if (bare !== 'host-gateway' && !isAddress(bare)) {
    return new Fault('has no address behind its first colon: an IPv4 or IPv6 address, or host-gateway');
  }
  return `${host}:${bare}`;
};

// INET6_ADDRSTRLEN of POSIX without its end: an IPv6 address with an IPv4 one in it.
const LONGEST_ADDRESS = 45;

function isAddress(text: string): boolean {
  if (text.length > LONGEST_ADDRESS) return false;
  const octets = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1);
  if (octets) return octets.every((octet) => Number(octet) <= 255);
  return /^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*$/.test(text) && URL.canParse(`http://[${text}]/`);
}

/** Docker takes any name; a shell and a Dockerfile's `${NAME}` take only these. */
export const parseArgName: Parser<string> = (text) =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(text)
    ? text
    : new Fault('is not the name of a build argument: letters, digits and `_`, not beginning with a digit');

export const parseLabelName: Parser<string> = (text) =>
  /^[^\s="']+$/.test(text) ? text : new Fault('is not the name of a label: it has no blanks, quotes or `=`');
