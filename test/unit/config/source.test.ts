import { validateFields } from '../../../src/config/validate';
import { planOf, problemsOf } from './given';

const HEX = '0123456789abcdef'.repeat(4);

describe('Source', () => {
  test.each([
    'shop/cart:1.42',
    'cart:latest',
    'registry.example.com:5000/shop/cart:1',
    `shop/cart@sha256:${HEX}`,
    `sha256:${HEX}`,
    HEX,
    '0123456789ab',
  ])('takes %s', (source) => {
    expect(planOf({ fields: { Source: '${S}' }, job: { S: source } }).source).toBe(source);
  });

  const NONE = 'is not an image of the daemon: name it as name:tag, or by its id';
  const NO_TAG = 'names no tag: docker would take latest, whatever that is; write name:tag, or the image id';
  test.each<[string, string]>([
    ['shop/cart', `"shop/cart" ${NO_TAG}`],
    ['0123456789a', `"0123456789a" ${NO_TAG}`],
    ['Shop/cart:1', `"Shop/cart:1" ${NONE}`],
    ['-cart:1', `"-cart:1" ${NONE}`],
    ['--help', `"--help" ${NONE}`],
    ['cart:1 x', `"cart:1 x" ${NONE}`],
    ['cart:1\u0007', '"cart:1\\u0007" holds the control character U+0007'],
    ['http://a/b:1', `"http://a/b:1" ${NONE}`],
  ])('%j is none', (source, problem) => {
    expect(problemsOf({ fields: { Source: source } })).toEqual([`Source: ${problem}`]);
  });

  const would = (fields: string, them: string): string =>
    `Source: pushes an image that exists, so ${fields} would do nothing: remove ${them}, or Source`;
  test.each<[Record<string, string>, string]>([
    [{ Target: 'prod' }, would('Target', 'it')],
    [{ Target: 'prod', BuildArgs: 'A=1' }, would('BuildArgs and Target', 'them')],
    [{ Context: 'services/cart' }, would('Context', 'it')],
    [{ Dockerfile: 'Dockerfile' }, would('Dockerfile', 'it')],
    [
      {
        Labels: 'a=1',
        OciLabels: 'false',
        Platform: 'linux/amd64',
        NoCache: 'true',
        Pull: 'true',
        NetworkMode: 'host',
        ExtraHosts: 'a:10.0.0.7',
        ShmSize: '64m',
        Ulimits: 'core=0',
        Builder: 'buildkit',
        Provenance: 'true',
        Secrets: 'id=a,src=a',
        Ssh: 'a=/run/a.sock',
        BuildContexts: 'a=.',
        RegistryLogins: '210987654321.dkr.ecr.us-east-1.amazonaws.com',
        CacheFrom: 'a.io/x',
        CacheTo: 'type=inline',
      },
      would(
        'Platform, NoCache, Pull, Labels, OciLabels, NetworkMode, ExtraHosts, ShmSize, Ulimits, Builder, Provenance, Secrets, Ssh, BuildContexts, RegistryLogins, CacheFrom and CacheTo',
        'them',
      ),
    ],
  ])('with %j', (fields, problem) => {
    expect(problemsOf({ fields: { Source: 'cart:1', ...fields } })).toEqual([problem]);
  });

  test('what says nothing is no matter: a default, or what expands to nothing', () => {
    const fields = { Source: 'cart:1', Context: '.', Pull: 'false', Builder: 'auto', Target: '${NONE:-}' };
    expect(planOf({ fields }).source).toBe('cart:1');
  });

  test('is nothing to do where nothing is pushed', () => {
    expect(problemsOf({ fields: { Source: 'cart:1', Mode: 'build' } })).toEqual([
      'Source: names an image that exists, and Mode build pushes nothing: remove one of them',
    ]);
    expect(planOf({ fields: { Source: 'cart:1', Mode: 'check' } }).source).toBe('cart:1');
  });

  test('in a template is judged only by what is known', () => {
    const told = (fields: Record<string, string>): object =>
      validateFields(new Map(Object.entries({ Repository: 'shop/cart', ...fields })));
    expect(told({ Source: '#{source}', Target: 'prod', Mode: 'build' })).toEqual({});
    expect(told({ Source: 'cart:1', Target: '#{target}', BuildArgs: '${ARGS}' })).toEqual({});
    expect(told({ Source: 'cart:1', Target: 'prod', BuildArgs: '#{args}' })).toEqual({
      Source: 'pushes an image that exists, so Target would do nothing: remove it, or Source',
    });
  });

  test('has no hash of the fields: the image was not made of them', () => {
    expect(planOf({ fields: { Source: 'cart:1' } }).run.mark).toEqual({
      pipeline: 'cart',
      counter: '42',
      revision: 'GO_REVISION=3fa9c1d2b7e8',
      fields: '',
    });
  });
});
