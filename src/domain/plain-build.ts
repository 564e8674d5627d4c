import type { BuildPlan } from './plan';

/** A build with every option left out. */
export const PLAIN_BUILD: BuildPlan = {
  context: '.',
  dockerfile: 'Dockerfile',
  args: new Map(),
  labels: new Map(),
  target: undefined,
  platform: undefined,
  networkMode: undefined,
  extraHosts: [],
  builder: 'auto',
  noCache: [],
  pull: false,
  shmSizeBytes: undefined,
  ulimits: [],
  secrets: [],
  ssh: [],
  logins: [],
  cacheFrom: [],
  cacheTo: [],
  contexts: [],
  provenance: undefined,
};
