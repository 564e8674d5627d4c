import type { RunIdentity } from '../domain/plan';
import { RUN_LABEL, writeRunLabel } from '../domain/run-label';
import type { FoundSecret } from './secrets';

const OCI = 'org.opencontainers.image.';

export interface LabelSources {
  readonly run: RunIdentity;
  readonly ociLabels: boolean;
  readonly job: ReadonlyMap<string, string>;
  /** The user's own. */
  readonly labels: ReadonlyMap<string, string>;
}

/**
 * The user's labels over the OCI ones, and the identity of the run, which a later run knows its image by. None holds a
 * time, an agent or a person: the digest of an unchanged image would change with them.
 */
export function imageLabels(
  sources: LabelSources,
  secrets: readonly FoundSecret[],
): { labels: Map<string, string>; notes: string[] } {
  const { run, labels } = sources;
  const notes: string[] = [];
  const oci = ociLabelsOf(sources).filter(([name, value]) => {
    const secret = secrets.find((each) => value.includes(each.value.reveal()));
    if (secret)
      notes.push(`label ${name} is left out: it would show the value of variable ${secret.name}, which is a secret`);
    return !secret;
  });
  const own: [string, string] = [RUN_LABEL, writeRunLabel(run.mark, run.repository, run.reuseKey)];
  return { labels: new Map([...oci.filter(isFilled), ...labels, own]), notes };
}

/** Outside GoCD there is no pipeline to tell. */
function isFilled([, value]: readonly [string, string]): boolean {
  return value !== '';
}

function ociLabelsOf({ ociLabels, run, job, labels }: LabelSources): [string, string][] {
  if (!ociLabels) return [];
  const all: [string, string][] = [
    [`${OCI}revision`, onlyOne(run.revisions, 'GO_REVISION') ?? ''],
    [`${OCI}source`, withoutUser(onlyOne(job, 'GO_MATERIAL_URL') ?? '')],
    [`${OCI}version`, run.label],
  ];
  return all.filter(([name]) => !labels.has(name));
}

/** With one material GoCD sets the bare name; with several, nobody could say which of them is the image's source. */
function onlyOne(variables: ReadonlyMap<string, string>, name: string): string | undefined {
  const bare = variables.get(name);
  if (bare !== undefined) return bare;
  const named = [...variables].filter(([each]) => each.startsWith(`${name}_`));
  return named.length === 1 ? named[0]?.[1] : undefined;
}

/** The user of an ssh URL is part of the address; a password never is, nor the user of a web address. */
function withoutUser(source: string): string {
  if (!source.includes('://')) return source;
  if (!URL.canParse(source)) return source.replace(/:\/\/[^/]*@/, '://');
  const url = new URL(source);
  if (url.username === '' && url.password === '') return source;
  url.password = '';
  if (url.protocol !== 'ssh:') url.username = '';
  return url.href;
}
