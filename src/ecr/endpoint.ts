import { ConfigError } from '../domain/errors';
import { PARTITIONS, partitionOf } from '../domain/partition';
import type { ProfileFiles } from './profiles';

/** Where a service of AWS is called, and what says so. */
export interface Endpoint {
  readonly service: 'ECR' | 'STS' | 'ECR_PUBLIC';
  /** `https://ecr.internal:8443`, without user info, path or query; or `ECR in region eu-west-1`. */
  readonly text: string;
  /** The URL as it is called; undefined: the SDK knows it by the region. */
  readonly url: string | undefined;
  /** `variable AWS_ENDPOINT_URL`, `profile ci`; undefined: the region. */
  readonly from: string | undefined;
  /** Something that stands in for AWS, whose registry need not be one of ECR's. */
  readonly standIn: boolean;
}

/** As the SDK decides it: the variable of the service, then the one of all services, then the profile, then the region. */
export function endpointOf(service: Endpoint['service'], region: string, files: ProfileFiles): Endpoint {
  const variable = [`AWS_ENDPOINT_URL_${service}`, 'AWS_ENDPOINT_URL'].find((name) => (process.env[name] ?? '') !== '');
  if (variable !== undefined) return named(service, variable, `variable ${variable}`, process.env[variable] ?? '');
  const url = ofProfile(service, files);
  if (url !== undefined) return named(service, 'endpoint_url', `profile ${files.name}`, url);
  const text = `${service === 'ECR_PUBLIC' ? 'ECR Public' : service} in region ${region}`;
  return { service, text, url: undefined, from: undefined, standIn: false };
}

// AWS General Reference, "Amazon ECR endpoints and quotas" and "AWS STS endpoints and quotas".
const HOSTS = { ECR: 'api.ecr', ECR_PUBLIC: 'api.ecr-public', STS: 'sts' } as const;

/** What is called; where no URL is named, by the region's rule, which the SDK refines (FIPS, dual-stack). */
export function addressOf({ service, url }: Endpoint, region: string): URL {
  return new URL(url ?? `https://${HOSTS[service]}.${region}.${PARTITIONS[partitionOf(region)].domain}`);
}

function ofProfile(service: Endpoint['service'], files: ProfileFiles): string | undefined {
  const profile = files.find(files.name);
  const services = files.find(`services.${profile?.get('services') ?? ''}`);
  return services?.get(`${service.toLowerCase()}.endpoint_url`) ?? profile?.get('endpoint_url');
}

function named(service: Endpoint['service'], field: string, from: string, url: string): Endpoint {
  const { origin, hostname } = usable(field, url);
  return { service, text: origin, url, from, standIn: !isAws(hostname) };
}

/** An authorization token comes over this line: off this host never without TLS. */
function usable(field: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new ConfigError([{ field, message: 'is not an http or https URL' }]);
  }
  if (url.protocol === 'https:' || isLoopback(url.hostname)) return url;
  const message = `${url.origin} would carry the registry token in plain text: off this host AWS is only called over https`;
  throw new ConfigError([{ field, message }]);
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** A VPC endpoint, FIPS or dual-stack one is AWS itself, though a variable names it. */
function isAws(hostname: string): boolean {
  return /\.(amazonaws\.com|amazonaws\.com\.cn|api\.aws|amazonaws\.eu|api\.amazonwebservices\.com\.cn)$/.test(hostname);
}
