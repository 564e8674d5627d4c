import { devNull } from 'node:os';
import type { AwsPlan } from '../domain/plan';

/**
 * Makes process.env's AWS_* the plan's and nothing else. The SDK asks that object, and the files it names, at every
 * turn (profiles, endpoints, retry modes, the STS clients inside its credential providers): an option closes one door,
 * this closes them all. It may be done because a process serves one execute, so nobody else's variables are in it.
 * Called before the first client is made and before the first profile file is read.
 */
export function isolateEnvironment(aws: AwsPlan): void {
  for (const name of Object.keys(process.env)) {
    if (/^AWS_/i.test(name)) Reflect.deleteProperty(process.env, name);
  }
  for (const [name, value] of aws.environment) {
    if (name.startsWith('AWS_')) process.env[name] = value;
  }
  if (aws.side === 'job') closeAgentSide();
  else openAgentHome(aws);
  // On Node 20 the SDK prints seven lines about its future to stderr with the first client.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
}

/** A job's keys must not be completed by, nor its profiles lead to, the agent's ~/.aws or the instance's role. */
function closeAgentSide(): void {
  process.env['AWS_CONFIG_FILE'] ??= devNull;
  process.env['AWS_SHARED_CREDENTIALS_FILE'] ??= devNull;
  process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
}

/** The agent's environment comes to this process as data; its ~/.aws is found by its HOME. */
function openAgentHome(aws: AwsPlan): void {
  for (const name of ['HOME', 'USERPROFILE']) {
    const home = aws.environment.get(name);
    if (home !== undefined) process.env[name] = home;
  }
}
