import { buildSync } from 'esbuild';
import { createRequire, isBuiltin } from 'node:module';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';

type Validate = (fields: ReadonlyMap<string, string>) => Record<string, string>;

// `validate` runs on the GoCD server for whoever edits a pipeline: what it could reach there, such a person could ask for.
const source = buildSync({
  entryPoints: [join(__dirname, '../../../src/config/validate.ts')],
  bundle: true,
  write: false,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
}).outputFiles[0]!.text;

const PURE = new Set(['crypto', 'path', 'url']);

/** The same code where there is no process, no fetch, no timer and no module that reads or sends anything. */
function inAnEmptyRealm(asked: string[]): Validate {
  const realRequire = createRequire(__filename);
  const only = (name: string): unknown => {
    const bare = name.replace(/^node:/, '');
    asked.push(bare);
    if (!isBuiltin(name) || !PURE.has(bare)) throw new Error(`validate asked for ${name}`);
    return realRequire(name);
  };
  const module = { exports: {} as { validateFields: Validate } };
  const realm = createContext({ module, exports: module.exports, require: only, URL });
  runInContext(source, realm);
  return module.exports.validateFields;
}

test('needs no environment, file, name server or network', () => {
  const asked: string[] = [];
  const validate = inAnEmptyRealm(asked);
  expect(asked.filter((name) => !PURE.has(name))).toEqual([]);
  const legal = {
    Repository: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/cart',
    Tags: '${GO_PIPELINE_LABEL|tag}\n1',
    DockerHost: 'tcp://build-2.example:2376',
    TlsVerify: 'true',
    CertPath: '/etc/docker/certs',
    Context: '/srv/context',
    Dockerfile: 'nowhere/Dockerfile',
    ExtraHosts: 'registry.local:[::1]',
  };
  expect(validate(new Map(Object.entries(legal)))).toEqual({});
});

test('does not know a variable of the server', () => {
  const fields = { Repository: 'shop/cart', Tags: '${PATH}', DockerHost: '${DOCKER_HOST}' };
  expect(inAnEmptyRealm([])(new Map(Object.entries(fields)))).toEqual({});
});

test('what is wrong is told there as well', () => {
  const told = inAnEmptyRealm([])(new Map(Object.entries({ Repository: 'shop/cart:1', Tags: '1' })));
  expect(told).toEqual({ Repository: '"shop/cart:1" holds a tag: that belongs in Tags' });
});

test('the realm is one in which such a thing would be noticed', () => {
  const realm = createContext({});
  for (const name of ['process', 'fetch', 'require', 'setTimeout', 'Buffer', 'XMLHttpRequest']) {
    expect([name, runInContext(`typeof ${name}`, realm)]).toEqual([name, 'undefined']);
  }
});
