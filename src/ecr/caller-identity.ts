import type { ECRClient } from '@aws-sdk/client-ecr';
import type { Identity } from './credentials';
import { addressOf, endpointOf } from './endpoint';
import { principalOf } from './principal';
import type { Setting } from './setting';
import { sendSigned } from './signed-call';

// Where there is no way to STS (a VPC without an endpoint for it) nobody is to wait for a name.
const LIMIT_MS = 2_000;

/**
 * Who asks: `111122223333 role gocd-push (field AssumeRole, with instance role)`. A role that is assumed is named by its
 * ARN; else STS is asked, which takes no permission. What goes wrong with that is no fault: it is told what is known here.
 */
export async function whoAsks(
  client: ECRClient,
  known: Identity,
  setting: Setting,
  signal: AbortSignal,
): Promise<string> {
  const arn = known.arn ?? (await askedArn(client, setting, signal));
  const principal = arn === undefined ? undefined : principalOf(arn);
  return principal === undefined ? known.text : `${principal} (${known.origin})`;
}

async function askedArn(client: ECRClient, setting: Setting, signal: AbortSignal): Promise<string | undefined> {
  const { files, region } = setting;
  const sts = endpointOf('STS', region.name, files);
  // Where another service stands in for ECR the credentials are that one's, and the real STS knows nothing of them.
  if (endpointOf('ECR', region.name, files).standIn && !sts.standIn) return undefined;
  const address = addressOf(sts, region.name);
  const call = {
    service: 'sts',
    region: region.name,
    url: sts.url === undefined && (await client.config.useFipsEndpoint()) ? fips(address) : address,
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
  };
  try {
    const body = await sendSigned(client, call, AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]));
    return /<Arn>([^<]+)<\/Arn>/.exec(body)?.[1];
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/** GovCloud's own endpoint is the FIPS one (AWS General Reference, "AWS STS endpoints and quotas"). */
function fips(address: URL): URL {
  return address.hostname.startsWith('sts.us-gov-') ? address : new URL(address.href.replace('//sts.', '//sts-fips.'));
}
