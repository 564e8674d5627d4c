import type { StepError } from '../../domain/errors';
import { refName, repositoryName, type TaggedRef } from '../../domain/image-ref';
import type { Where } from '../where';
import { faultOf, type RegistryFault } from './registry-words';
import { stepError, unreachable, type Verdict } from './verdict';

/** What a message about a push can name. */
export interface PushNames {
  readonly where: Where;
  readonly target: TaggedRef;
  /** True when the daemon itself has tried again before it gave up: its 50 s are not multiplied by our attempts. */
  readonly daemonRetried: boolean;
}

interface Names extends PushNames {
  readonly host: string;
  readonly repository: string;
  readonly ref: string;
  readonly text: string;
}

type Row = (names: Names) => Verdict;

const ISSUED_FOR = (host: string): string => `Check that ${host} is the registry that the token was issued for`;
const ALL_WORDS = "ecr-image.log has the daemon's whole stream";

const refused: Row = ({ host }) => ({
  code: 'PUSH_UNAUTHORIZED',
  blame: 'environment',
  message: `The registry ${host} does not accept the credentials`,
  hint: ISSUED_FOR(host),
});

const failed: Row = ({ where, ref }) => ({
  code: 'PUSH_FAILED',
  blame: 'environment',
  message: `The daemon at ${where.daemon} could not push ${ref}`,
  hint: ALL_WORDS,
});

const rows: Readonly<Record<RegistryFault, Row>> = {
  'token-expired': ({ host }) => ({
    code: 'PUSH_TOKEN_EXPIRED',
    blame: 'environment',
    message: `The authorization token for ${host} has expired`,
    hint: "If a new token expires as well, correct this agent's clock (NTP)",
  }),
  'tag-immutable': ({ target, repository }) => ({
    code: 'PUSH_TAG_IMMUTABLE',
    blame: 'config',
    message: `The tag ${target.tag} is in ${repository} already, and tags there are immutable`,
    hint: "Give each run a tag of its own in Tags, or make the repository's tags mutable",
  }),
  'action-denied': denied,
  denied,
  'no-credentials': ({ host }) => ({
    code: 'PUSH_UNAUTHORIZED',
    blame: 'environment',
    message: `The daemon sent no credentials to ${host}`,
    hint: ISSUED_FOR(host),
  }),
  unauthorized: refused,
  'repository-missing': ({ repository }) => ({
    code: 'PUSH_REPOSITORY_MISSING',
    blame: 'config',
    message: `There is no repository ${repository}`,
    hint: 'Create it, or correct Repository, Region or RegistryId',
  }),
  throttled: ({ host }) => ({
    code: 'PUSH_THROTTLED',
    blame: 'environment',
    message: `The registry ${host} throttles the daemon`,
    hint: 'Push less at the same time, or have the quota raised',
    transient: true,
  }),
  'registry-error': ({ host, ref, daemonRetried }) => ({
    code: 'PUSH_REGISTRY_ERROR',
    blame: 'environment',
    message: `The registry ${host} failed during the push of ${ref}${again(daemonRetried)}`,
    hint: 'The registry is out of order: run the task again later',
    transient: !daemonRetried,
  }),
  'connection-broken': ({ where, host, ref, daemonRetried }) => ({
    code: 'PUSH_REGISTRY_ERROR',
    blame: 'environment',
    message: `The connection from the daemon to the registry ${host} broke off during the push of ${ref}${again(daemonRetried)}`,
    hint: `Look at the network between the daemon at ${where.daemon} and the registry`,
    transient: !daemonRetried,
  }),
  unreachable: ({ host, where, daemonRetried }) => {
    const verdict = unreachable('unreachable', host, where);
    return { ...verdict, message: `${verdict.message}${again(daemonRetried)}`, transient: !daemonRetried };
  },
  'certificate-unknown': ({ host, where }) => unreachable('certificate-unknown', host, where),
  'plain-http': ({ host, where }) => unreachable('plain-http', host, where),
  'image-vanished': ({ ref, where }) => ({
    code: 'IMAGE_VANISHED',
    hop: 'agent-daemon',
    blame: 'environment',
    message: `${ref} is gone from the daemon at ${where.daemon}`,
    hint: 'Another job, or something that prunes images, took it away while it was pushed',
    transient: true, // the next attempt tags the image again (engines.md, rule 8)
  }),
  unclear: ({ host, ref }) => ({
    code: 'PUSH_FAILED',
    blame: 'environment',
    message: `The registry ${host} refused the push of ${ref}, and the daemon does not tell why`,
    hint: ALL_WORDS,
    transient: true, // the code that is lost may have been a 429 or a 500
  }),
  'manifest-missing': failed,
  'platform-missing': failed,
};

/** Why a push, or a look at the registry through the daemon, came to nothing. */
export function pushError(text: string, names: PushNames): StepError {
  const fault = faultOf(text);
  return errorOf(fault === undefined ? failed : rows[fault], text, names);
}

/** For a refusal whose words alone do not say that it is one of permission. */
export function pushDenied(text: string, names: PushNames): StepError {
  return errorOf(denied, text, names);
}

/** For words that tell of which repository the layer is. */
export function mountRefused(text: string, from: string, transient: boolean, names: PushNames): StepError {
  const row: Row = ({ host, where, target }) => ({
    code: 'PUSH_MOUNT_REFUSED',
    blame: 'environment',
    message: `The registry ${host} does not let ${target.repository.path} share a layer with ${from}, and the daemon at ${where.daemon} does not upload it instead`,
    hint: `Allow the token's identity to pull from ${from}, or set BLOB_MOUNTING of the registry to DISABLED, or push from a daemon with the classic image store`,
    transient,
  });
  return errorOf(row, text, names);
}

function errorOf(row: Row, text: string, names: PushNames): StepError {
  const { repository } = names.target;
  const all = { ...names, host: repository.host, repository: repositoryName(repository), ref: refName(names.target) };
  return stepError(row({ ...all, text }), text);
}

/** The engine has lost the registry's code; /distribution keeps it on every engine (engines.md, rule 9). */
export function isUnclear(text: string): boolean {
  return faultOf(text) === 'unclear';
}

// IAM's sentence: which action on which resource.
const IAM = /is not authorized to perform: ?(\S+)(?: on resource: ?(\S+))?/;

function denied({ text, ref }: Names): Verdict {
  const [, action, resource = 'the repository'] = IAM.exec(text) ?? [];
  const common = { code: 'PUSH_DENIED', blame: 'environment' } as const;
  if (action === undefined) {
    return {
      ...common,
      message: `The registry does not allow the push of ${ref}`,
      hint: 'Allow ecr:BatchCheckLayerAvailability, ecr:InitiateLayerUpload, ecr:UploadLayerPart, ecr:CompleteLayerUpload and ecr:PutImage on the repository',
    };
  }
  return {
    ...common,
    message: `The registry does not allow the push of ${ref}: ${action} is denied`,
    hint: `Allow ${action} on ${resource} for the identity that the token was issued to`,
  };
}

function again(daemonRetried: boolean): string {
  return daemonRetried ? ', also when the daemon tried again by itself' : '';
}
