/* The arrows of the house, as an allow-list: whatever is not named here is an error. */
const room = (name) => `^src/${name}/`;
const may = (from, ...to) => ({ from: { path: from }, to: { path: to } });
const PORTS = '^src/pipeline/ports\\.ts$';

module.exports = {
  forbidden: [{ name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } }],
  allowedSeverity: 'error',
  allowed: [
    may('^src/([^/]+)/', '^src/$1/'),
    may(room('pipeline'), room('domain')),
    may(room('(files|context|docker|ecr|console)'), room('domain'), PORTS),
    may(room('(context|docker)'), room('files')),
    may('^src/docker/(classic/|buildkit/|(builders|context-progress)\\.ts$)', room('context')),
    may(room('docker'), 'node_modules/(dockerode|@types/dockerode|docker-modem|@types/docker-modem)/'),
    may(room('console'), 'node_modules/(winston|logform|winston-transport)/'),
    may(room('ecr'), 'node_modules/(@aws-sdk|@smithy|https-proxy-agent|agent-base)/'),
    may(room('config'), room('domain'), 'node_modules/ajv/'),
    may(room('protocol'), room('domain'), room('config')),
    may(
      room('host'),
      room('(protocol|config|pipeline|console|domain)'),
      'node_modules/(express|@types/express|@types/express-serve-static-core)/',
    ),
    may('^src/cli\\.ts$', room('(protocol|config|pipeline|console|domain)')),
    may('^src/main\\.ts$', '^src/'),
    // The thread that reads contexts is wired there.
    may('^src/worker\\.ts$', room('(context|docker/buildkit/file-sync)')),
    // Node's own modules: the pure rooms get none but hashing, paths and encodings.
    may(room('(host|context|docker|ecr|console|files)'), '^(node:)?[a-z0-9_/]+$'),
    may('^src/(main|cli|worker)\\.ts$', '^(node:)?[a-z0-9_/]+$'),
    may(room('config'), '^(node:)?(path|path/posix|url)$'),
    may(room('protocol'), '^(node:)?crypto$'),
    may(room('(domain|pipeline)'), '^(node:)?crypto$'),
    may(room('config'), '^(node:)?crypto$'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
