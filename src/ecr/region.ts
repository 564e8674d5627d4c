import { StepError } from '../domain/errors';
import { describeOrigin } from '../domain/origin';
import type { AwsPlan } from '../domain/plan';
import type { ProfileFiles } from './profiles';

export interface Region {
  readonly name: string;
  /** `field Region`, `profile ci` */
  readonly from: string;
}

/** The plan's, else the one of the profile in the AWS files of the credentials' side; nobody is asked over the network. */
export function findRegion(aws: AwsPlan, files: ProfileFiles): Region {
  if (aws.region !== undefined) return { name: aws.region.value, from: describeOrigin(aws.region.origin) };
  const ofProfile = files.find(files.name)?.get('region');
  // It becomes part of a host name.
  if (ofProfile !== undefined && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(ofProfile)) {
    return { name: ofProfile, from: `profile ${files.name}` };
  }
  const found = ofProfile === undefined ? 'names none' : 'names what is no region';
  const message = `No AWS region: field Region and the variable AWS_REGION are not set, and profile ${files.name} in ${files.paths} ${found}`;
  throw new StepError('AWS_NO_REGION', 'agent-aws', 'config', message, {
    hint: "Set Region or AWS_REGION, or write the registry's host in Repository",
  });
}
