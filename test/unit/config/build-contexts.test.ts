import { planOf, problemsOf } from './given';

describe('BuildContexts', () => {
  const folder = (path: string): object => ({ kind: 'folder', path });
  const image = (ref: string): object => ({ kind: 'image', ref });

  test.each<[string, object[]]>([
    ['lib=libraries/common', [{ name: 'lib', source: folder('libraries/common') }]],
    ['lib = ./libs', [{ name: 'lib', source: folder('./libs') }]],
    ['lib=/srv/lib', [{ name: 'lib', source: folder('/srv/lib') }]],
    ['lib=libs/${NAME}', [{ name: 'lib', source: folder('libs/cart=1') }]],
    ['base=docker-image://a.io/x:1', [{ name: 'base', source: image('a.io/x:1') }]],
    ['docker.io/library/alpine:latest=docker-image://alpine:3.20', [{ name: 'alpine', source: image('alpine:3.20') }]],
    ['index.docker.io/shop/x:2=.', [{ name: 'shop/x:2', source: folder('.') }]],
    [
      'a=.\nb=.',
      [
        { name: 'a', source: folder('.') },
        { name: 'b', source: folder('.') },
      ],
    ],
    ['${NONE:-}', []],
  ])('%j', (text, found) => {
    expect(planOf({ fields: { BuildContexts: text }, job: { NAME: 'cart=1' } }).build.contexts).toEqual(found);
  });

  const FORM = 'a line is name=folder or name=docker-image://reference';
  const GIT = 'is a git repository: check it out as a material of the pipeline and name its folder';
  test.each<[string, string]>([
    ['lib', `line 1 is not name=value; ${FORM}`],
    ['lib=', `line 1 leaves "lib" without a folder or an image; ${FORM}`],
    [
      'My Lib=libs',
      'line 1 begins with "My Lib", which is not a name: small letters, digits and single `.`, `_`, `-` between them, as in FROM',
    ],
    ['context=libs', 'line 1 has the name context, which the build itself uses: take another one'],
    ['lib=docker-image://A b', 'line 1 names "docker-image://A b", which is not docker-image://host/repository:tag'],
    ['lib=git@github.com:x/y', `line 1 names "git@github.com:x/y", which ${GIT}`],
    ['lib=https://u:pw@github.com/x/y.git#main', `line 1 names "https://****@github.com/x/y.git#main", which ${GIT}`],
    ['lib=github.com/x/y', `line 1 names "github.com/x/y", which ${GIT}`],
    [
      'lib=https://x.io/y.tar',
      'line 1 names "https://x.io/y.tar", which is a web address: fetch it in an earlier task and name the folder',
    ],
    [
      'lib=oci-layout:///x',
      'line 1 names "oci-layout:///x", which is an OCI layout: name a folder, or an image in a registry',
    ],
    ['lib=target:base', 'line 1 names "target:base", which is a target of buildx bake: name a folder or an image'],
    ['lib=local:x', 'line 1 names "local:x", which has a scheme that is not written: name the folder alone'],
    ['lib=s3://x', 'line 1 names "s3://x", which is neither a folder of the job nor docker-image://reference'],
    ['lib=../x', 'line 1 names "../x", which leads out of the job\'s working directory'],
    [`lib=${'x'.repeat(5000)}`, `line 1 names "${'x'.repeat(100)}…", which is longer than 4096 characters: no path is`],
    [
      'lib=${DIR}',
      'line 1 names "${DIR}", which becomes an absolute path by expansion: only a path that is typed as it is may be absolute',
    ],
    ['a=.\ndocker.io/library/a=x', 'line 2 names "a", and so does line 1'],
  ])('%j: %s', (text, problem) => {
    expect(problemsOf({ fields: { BuildContexts: text }, job: { DIR: '/etc' } })).toEqual([
      `BuildContexts: ${problem}`,
    ]);
  });
});
