import { planOf, problemsOf, type Given } from './given';

const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const registry = (ref: string, attributes: Record<string, string> = {}): object => ({
  type: 'registry',
  ref,
  attributes: new Map(Object.entries(attributes)),
});

describe('CacheFrom', () => {
  test.each<[string, object[]]>([
    ['a.io/cart:cache', [registry('a.io/cart:cache')]],
    ['a.io/x, a.io/y\nlibrary/z', [registry('a.io/x'), registry('a.io/y'), registry('library/z')]],
    ['type=registry,ref=a.io/${NAME}:cache', [registry('a.io/cart:cache')]],
    ['Type=registry,REF=a.io/cart', [registry('a.io/cart')]],
    [`a.io/cart@sha256:${'0'.repeat(64)}`, [registry(`a.io/cart@sha256:${'0'.repeat(64)}`)]],
    ['${NONE:-}\n${NONE:-a.io/x}', [registry('a.io/x')]],
  ])('%j', (text, found) => {
    expect(planOf({ fields: { CacheFrom: text }, job: { NAME: 'cart' } }).build.cacheFrom).toEqual(found);
  });

  test.each<[string, string]>([
    ['a.io/Cart', 'line 1 names "a.io/Cart", which is not a reference: host/repository:tag'],
    ['${LIST}', 'line 1 names "a.io/x,a.io/y", which is not a reference: host/repository:tag'],
    ['ref=a.io/x', 'line 1 has no type: type=registry,ref=…, or a reference alone'],
    ['type=registry', 'line 1 has no ref: type=registry,ref=host/repository:tag'],
    ['a.io/x,type=registry', 'line 1 has a part that is not key=value'],
    ['type=registry,ref=a.io/x,mode=max', 'line 1 has "mode", which is not understood; there are type and ref'],
    ['type=inline', 'line 1 has type=inline, which is for CacheTo: such a cache is read by the reference of its image'],
    ['type=local,ref=x', 'line 1 has type=local, which is not supported; there are registry and a reference alone'],
    ['type=s4,ref=x', 'line 1 has the type "s4"; there are registry and a reference alone'],
  ])('%j: %s', (text, problem) => {
    expect(problemsOf({ fields: { CacheFrom: text }, job: { LIST: 'a.io/x,a.io/y' } })).toEqual([
      `CacheFrom: ${problem}`,
    ]);
  });
});

describe('CacheTo', () => {
  test.each<[string, object[]]>([
    ['a.io/cart:cache', [registry('a.io/cart:cache')]],
    ['type=inline', [{ type: 'inline', ref: undefined, attributes: new Map() }]],
    [
      'type=registry,ref=a.io/x:c,mode=max,image-manifest=true,oci-mediatypes=false,compression=zstd,compression-level=3,force-compression=true,ignore-error=true',
      [
        registry('a.io/x:c', {
          mode: 'max',
          'image-manifest': 'true',
          'oci-mediatypes': 'false',
          compression: 'zstd',
          'compression-level': '3',
          'force-compression': 'true',
          'ignore-error': 'true',
        }),
      ],
    ],
  ])('%j', (text, found) => {
    expect(planOf({ fields: { CacheTo: text } }).build.cacheTo).toEqual(found);
  });

  const KNOWN =
    'there are type, ref, mode, image-manifest, oci-mediatypes, compression, compression-level, force-compression and ignore-error';
  test.each<[string, string]>([
    [
      `a.io/x@sha256:${'0'.repeat(64)}`,
      `line 1 names "a.io/x@sha256:${'0'.repeat(64)}" with a digest: a cache is written under a tag`,
    ],
    ['type=inline,mode=max', 'line 1 has more than type=inline, which takes nothing else'],
    ['type=gha', 'line 1 has type=gha, which is not supported; there are registry and inline'],
    ['type=registry,ref=a.io/x,mode=full', 'line 1 has mode "full", which is not one of min, max'],
    ['type=registry,ref=a.io/x,compression-level=x', 'line 1 has compression-level "x", which is not a number'],
    ['type=registry,ref=a.io/x,image-manifest=1', 'line 1 has image-manifest "1", which is not one of true, false'],
    [
      'type=registry,ref=a.io/x,registry.insecure=true',
      `line 1 has "registry.insecure", which is not understood; ${KNOWN}`,
    ],
  ])('%j: %s', (text, problem) => {
    expect(problemsOf({ fields: { CacheTo: text } })).toEqual([`CacheTo: ${problem}`]);
  });

  test('is not under a tag that is pushed', () => {
    const fields = { Repository: `${HOST}/shop/cart`, Tags: '1.42,latest' };
    const over = (tag: string): string =>
      `CacheTo: line 1 names the tag ${tag} of the repository that is pushed to, which is also in Tags: give the cache a tag of its own`;
    expect(
      problemsOf({ fields: { ...fields, CacheTo: `${HOST.toUpperCase().toLowerCase()}/shop/cart:1.42` } }),
    ).toEqual([over('1.42')]);
    expect(problemsOf({ fields: { ...fields, CacheTo: `type=registry,ref=${HOST}:443/shop/cart` } })).toEqual([
      over('latest'),
    ]);
    for (const other of [`${HOST}/shop/cart:cache`, `${HOST}/shop/other:1.42`, 'a.io/shop/cart:1.42', 'type=inline']) {
      expect(planOf({ fields: { ...fields, CacheTo: other } }).build.cacheTo).toHaveLength(1);
    }
  });
});

describe('a secret in a cache, a context, a host or an attestation', () => {
  const job = { VAULT: 'hidden-1', ACCOUNT: '123456789012' };
  const WHO = 'would show the value of variable VAULT, which is a secret, to';
  test.each<[Given['fields'], string]>([
    [
      { CacheFrom: 'a.io/${VAULT}:x' },
      `CacheFrom: line 1, reference "a.io/\${VAULT}:x", ${WHO} whoever may read that registry`,
    ],
    [
      { CacheTo: 'type=registry,ref=a.io/x:${VAULT}' },
      `CacheTo: line 1, reference "a.io/x:\${VAULT}", ${WHO} whoever may read that registry`,
    ],
    [
      { BuildContexts: 'lib=docker-image://a.io/x:${VAULT}' },
      `BuildContexts: line 1, "docker-image://a.io/x:\${VAULT}", ${WHO} whoever reads the log`,
    ],
    [{ BuildContexts: '${VAULT}=libs' }, `BuildContexts: line 1, "\${VAULT}", ${WHO} whoever reads the log`],
    [
      { Provenance: 'builder-id=https://ci/${VAULT}' },
      `Provenance: "https://ci/\${VAULT}" ${WHO} whoever may pull the image`,
    ],
    [
      { RegistryLogins: '${VAULT}.a.io user=u password-env=ACCOUNT' },
      `RegistryLogins: line 1, host "\${VAULT}.a.io", ${WHO} whoever reads the log`,
    ],
  ])('%j', (fields, problem) => {
    expect(problemsOf({ fields: fields ?? {}, job, secure: ['VAULT'] })).toEqual([problem]);
  });

  test('an account id in the host is only mentioned', () => {
    const mentioned = (field: string): string =>
      `${field}: its account id is the value of variable ACCOUNT, which is a secret; the address shows it`;
    const fields = { CacheFrom: `${HOST}/x:y`, BuildContexts: `lib=docker-image://${HOST}/x`, RegistryLogins: HOST };
    expect(planOf({ fields, job, secure: ['ACCOUNT'] }).notes).toEqual([
      mentioned('CacheFrom'),
      mentioned('BuildContexts'),
      mentioned('RegistryLogins'),
    ]);
    expect(problemsOf({ fields: { CacheTo: `${HOST}/x:123456789012` }, job, secure: ['ACCOUNT'] })).toEqual([
      `CacheTo: line 1, reference "${HOST}/x:****", would show the value of variable ACCOUNT, which is a secret, to whoever may read that registry`.replace(
        HOST,
        '****.dkr.ecr.eu-west-1.amazonaws.com',
      ),
    ]);
  });
});
