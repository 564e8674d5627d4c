import { mountRefusal } from '../../../src/docker/errors/mount-refusal';
import { parseTag, type TaggedRef } from '../../../src/domain/image-ref';

const host = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const target: TaggedRef = { repository: { host, path: 'team/app' }, tag: parseTag('1.42')! };
const uploads = `https://${host}/v2/team/app/blobs/uploads/`;
const bare = (status: string, query = `?mount=sha256:${'2'.repeat(64)}&from=team/base`): string =>
  `unknown: unexpected status from POST request to ${uploads}${query}: ${status}`;

// As the containerd store of Engine 29 tells them.
test.each([
  ['a bare 403', bare('403 Forbidden'), { from: 'team/base', transient: false }],
  ['a bare 404', bare('404 Not Found'), { from: 'team/base', transient: false }],
  ['a bare 500', bare('500 Internal Server Error'), { from: 'team/base', transient: true }],
  [
    'parameters the other way round, and escaped',
    bare('403 Forbidden', `?from=team%2Fbase&mount=sha256%3A${'2'.repeat(64)}`),
    { from: 'team/base', transient: false },
  ],
  [
    'an action that is denied on another repository',
    'error from registry: User: arn:aws:iam::1:user/x is not authorized to perform: ecr:GetDownloadUrlForLayer on resource: arn:aws:ecr:eu-west-1:123456789012:repository/team/base because no policy allows it',
    { from: 'team/base', transient: false },
  ],
  [
    'another repository that is not there',
    "error from registry: The repository with name 'team/base' does not exist in the registry with id '123456789012'",
    { from: 'team/base', transient: false },
  ],
  ['no code and no name', 'error from registry: unknown\nunknown', { from: undefined, transient: false }],
  ['no name', 'error from registry: requested access to the resource is denied', { from: undefined, transient: false }],
  ['405', 'error from registry: unsupported\nunsupported', { from: undefined, transient: false }],
])('%s', (_, text, expected) => {
  expect(mountRefusal(text, target)).toEqual(expected);
});

test.each([
  ['a mount that is throttled', bare('429 Too Many Requests')],
  ['an upload that is no mount', bare('403 Forbidden', '')],
  [
    'another request',
    `unknown: unexpected status from HEAD request to https://${host}/v2/team/app/blobs/x: 403 Forbidden`,
  ],
  ['throttled', 'error from registry: Rate exceeded'],
  ['an expired token', 'error from registry: Your authorization token has expired. Reauthenticate and try again.'],
  [
    'a tag that is there',
    "error from registry: The image tag '1.42' already exists in the 'team/app' repository and cannot be overwritten because the tag is immutable.",
  ],
  [
    'an action that is denied on this repository',
    'error from registry: User: arn:aws:iam::1:user/x is not authorized to perform: ecr:InitiateLayerUpload on resource: arn:aws:ecr:eu-west-1:123456789012:repository/team/app because no policy allows it',
  ],
  [
    'this repository that is not there',
    "error from registry: The repository with name 'team/app' does not exist in the registry with id '123456789012'",
  ],
  ["the classic store's words, which uploads by itself", 'denied: requested access to the resource is denied'],
])('not %s', (_, text) => {
  expect(mountRefusal(text, target)).toBeUndefined();
});
