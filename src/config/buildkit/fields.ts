import { field } from '../field';

/** What only BuildKit can do, and whether it is taken. */
export const BUILDKIT_FIELDS = [
  field('Builder', 'Builder', 'choice', 'buildkit', {
    default: 'auto',
    placeholder: 'auto',
    choices: ['auto', 'buildkit', 'classic'],
    help: '`auto` is BuildKit wherever the daemon has it, else the classic builder; the log says which and why.',
  }),
  field('Provenance', 'Provenance', 'text', 'buildkit', {
    placeholder: 'none',
    suggestions: ['false', 'true', 'mode=min', 'mode=max'],
    help: 'Attestation of how the image was made, as with `docker buildx build --provenance`; the image is then pushed as an index.',
  }),
  field('Secrets', 'Build secrets', 'lines', 'buildkit', {
    placeholder: 'id=npm,env=NPM_TOKEN',
    help: 'For `RUN --mount=type=secret`, one per line: `id=npm,env=NPM_TOKEN` takes a variable of the job, `id=npmrc,src=.npmrc` a file; never in a layer or a log.',
  }),
  field('Ssh', 'SSH agents', 'lines', 'buildkit', {
    placeholder: 'default',
    help: "For `RUN --mount=type=ssh`, one per line: `default` is the agent that `SSH_AUTH_SOCK` names, `id=/path/of/agent.sock` another one. Keys are never read, only an agent's socket.",
  }),
  field('BuildContexts', 'Named contexts', 'lines', 'buildkit', {
    placeholder: 'lib=libraries/common',
    help: 'For `FROM name` and `COPY --from=name`, one per line: `name=folder` of the job, or `name=docker-image://reference`.',
  }),
];

/** Other registries: base images and caches. */
export const REGISTRY_FIELDS = [
  field('RegistryLogins', 'Logins to other registries', 'lines', 'registries', {
    placeholder: 'docker.io user=shop password-env=HUB_TOKEN',
    help: 'For base images and caches elsewhere, one per line: `host user=NAME password-env=VARIABLE`, where the variable is one of the job; the host of an ECR registry stands alone, or with `role=ARN`.',
  }),
  field('CacheFrom', 'Read caches', 'lines', 'registries', {
    placeholder: 'registry.example.com/shop/cart:cache',
    help: 'Where steps made elsewhere are found, one per line: a reference, or `type=registry,ref=…`.',
  }),
  field('CacheTo', 'Write caches', 'lines', 'registries', {
    placeholder: 'type=registry,ref=registry.example.com/shop/cart:cache,mode=max',
    help: 'Where this build leaves its steps for others, one per line: a reference, `type=registry,ref=…`, or `type=inline` (BuildKit).',
  }),
];
