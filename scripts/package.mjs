// Builds everything in dist/: the bundle, the jar around it, the notices.
//   --bundle      without the jar
//   --out FOLDER  instead of dist/
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const MAX_BUNDLE = 2_500_000; // every agent loads the jar, elastic ones before each job
const DISPLAY_NAME = 'Docker image to AWS ECR';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values: options } = parseArgs({ options: { bundle: { type: 'boolean' }, out: { type: 'string' } } });
const dist = resolve(options.out ?? join(root, 'dist'));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

// dockerode carries an ssh client, gRPC and protobuf that nothing of ours calls, body-parser a table of charsets, the AWS
// SDK a reader of browsers' names (in browsers only) and Cognito (a provider of credentials that is not asked): 1.4 MB.
// Of the MIME types that Express brings a table of, the host needs these.
const MIME_TYPES = {
  'application/json': { extensions: ['json'], charset: 'UTF-8' },
  'application/octet-stream': { extensions: ['bin'] },
  'application/x-www-form-urlencoded': {},
  'text/html': { extensions: ['html'] },
  'text/plain': { extensions: ['txt'] },
};
const stubs = {
  name: 'stubs',
  setup({ onResolve, onLoad }) {
    onResolve(
      {
        filter:
          /^(ssh2|cpu-features|iconv-lite|protobufjs|@grpc\/.+|bowser|@aws-sdk\/credential-provider-cognito-identity)$/,
      },
      ({ path }) => ({
        path,
        namespace: 'stub',
      }),
    );
    onLoad({ filter: /node_modules\/mime-db\/index\.js$/ }, () => ({
      contents: `module.exports = ${JSON.stringify(MIME_TYPES)};`,
    }));
    onLoad({ filter: /.*/, namespace: 'stub' }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
  },
};

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  charset: 'utf8',
  logLevel: 'warning',
  plugins: [stubs],
};

function view() {
  const template = join(root, 'templates/task.html');
  if (!existsSync(template)) throw new Error('templates/task.html is missing: it is the form that GoCD shows');
  return JSON.stringify({ displayValue: DISPLAY_NAME, template: readFileSync(template, 'utf8') });
}

/** The reply that src/config gives at run time, so that a server without Node says the same. */
async function configuration() {
  const { outputFiles } = await build({ ...common, entryPoints: ['src/config/configuration.ts'], write: false });
  const module = { exports: {} };
  new Function('module', 'exports', 'require', outputFiles[0].text)(
    module,
    module.exports,
    createRequire(import.meta.url),
  );
  return module.exports.configurationReply();
}

/** The code of the thread that reads contexts, as text: the plugin is one file. */
async function worker() {
  const { outputFiles } = await build({
    ...common,
    entryPoints: ['src/worker.ts'],
    write: false,
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
  });
  return outputFiles[0].text;
}

async function bundle(viewReply) {
  const { metafile } = await build({
    ...common,
    entryPoints: ['src/main.ts'],
    outfile: join(dist, 'plugin.cjs'),
    metafile: true,
    // Names stay: a stack trace in a user's report must be readable.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    // Before anything else: SIGUSR1 would open an inspector (security.md 1).
    banner: { js: '"use strict";process.on("SIGUSR1",()=>{});' },
    define: {
      'process.env.NODE_ENV': '"production"',
      GOCD_ECR_VERSION: JSON.stringify(version),
      GOCD_ECR_VIEW: JSON.stringify(viewReply),
      GOCD_ECR_WORKER: JSON.stringify(await worker()),
    },
  });
  const [{ bytes }] = Object.values(metafile.outputs);
  if (bytes > MAX_BUNDLE) throw new Error(`plugin.cjs has ${bytes} bytes, over its limit of ${MAX_BUNDLE}`);
  writeFileSync(join(dist, 'THIRD_PARTY_LICENSES.txt'), notices(Object.keys(metafile.inputs)));
  return bytes;
}

/** Name, version and licence text of every package that is in the bundle. */
function notices(inputs) {
  const packages = new Map();
  for (const input of inputs) {
    const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
    if (folder === undefined || packages.has(folder)) continue;
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const texts = readdirSync(join(root, folder))
      .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
      .sort()
      .map((file) =>
        readFileSync(join(root, folder, file), 'utf8')
          .replaceAll('\r\n', '\n')
          .trim(),
      );
    packages.set(folder, [`${name} ${version} (${license})`, ...texts].join('\n\n'));
  }
  return `${[...packages.values()].sort().join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

function jar() {
  // A class that no longer has a source would still get in, and GoCD loads every class it finds.
  rmSync(join(root, 'bridge/target/classes'), { recursive: true, force: true });
  const properties = ['-DskipTests', `-Drevision=${version}`, `-Dplugin.files=${join(dist, 'jar')}`];
  execFileSync('mvn', ['-B', '-q', '-f', 'bridge/pom.xml', 'package', ...properties], { cwd: root, stdio: 'inherit' });
  const name = `gocd-ecr-task-${version}.jar`;
  copyFileSync(join(root, 'bridge/target', name), join(dist, name));
  return name;
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, 'jar'), { recursive: true });
const viewReply = view();
const bytes = await bundle(viewReply);
copyFileSync(join(dist, 'plugin.cjs'), join(dist, 'jar/plugin.cjs'));
writeFileSync(join(dist, 'jar/configuration.json'), await configuration());
writeFileSync(join(dist, 'jar/view.json'), viewReply);
process.stdout.write(`${join(dist, 'plugin.cjs')} ${(bytes / 1e6).toFixed(2)} MB\n`);
if (!options.bundle) process.stdout.write(`${join(dist, jar())}\n`);
