import { posix } from 'node:path';
import { StepError } from '../../domain/errors';
import type { BuildRequest, Report } from '../../pipeline/ports';
import { neededStages, stagesOf } from './stage-graph';

interface Mount {
  readonly type: 'secret' | 'ssh';
  readonly id: string;
  readonly required: boolean;
  readonly line: number;
}

/**
 * Holds the secrets and ssh agents that the Dockerfile mounts against those of the plan. One that it requires is an error
 * before the build; one that it does not is left out by BuildKit, and told.
 */
export function checkMounts({ plan, source }: Pick<BuildRequest, 'plan' | 'source'>, report: Report): void {
  const known = { secret: new Set(plan.secrets.map(({ id }) => id)), ssh: new Set(plan.ssh.map(({ id }) => id)) };
  const told = new Set<string>();
  for (const mount of mountsOf(source.dockerfile, plan.target)) {
    if (known[mount.type].has(mount.id)) continue;
    if (mount.required) throw missing(mount, plan.dockerfile);
    const what = whatOf(mount);
    if (told.has(what)) continue;
    told.add(what);
    const text = `${plan.dockerfile} line ${mount.line} mounts ${what}, which field ${fieldOf(mount)} does not have: RUN goes without it`;
    report({ type: 'build-warning', text });
  }
}

function missing(mount: Mount, dockerfile: string): StepError {
  return new StepError(
    'BUILD_SECRET_MISSING',
    'none',
    'config',
    `${dockerfile} line ${mount.line} needs ${whatOf(mount)}, which field ${fieldOf(mount)} does not have`,
    {
      hint:
        mount.type === 'ssh'
          ? `Add a line to Ssh: ${mount.id}`
          : `Add a line to Secrets: id=${mount.id},env=NAME or id=${mount.id},src=PATH`,
    },
  );
}

function whatOf({ type, id }: Mount): string {
  return `the ${type === 'ssh' ? 'ssh agent' : 'secret'} ${id}`;
}

function fieldOf({ type }: Mount): string {
  return type === 'ssh' ? 'Ssh' : 'Secrets';
}

/** Of the stages that are built; what a variable decides is left out. */
function mountsOf(dockerfile: string, target: string | undefined): readonly Mount[] {
  const stages = stagesOf(dockerfile) ?? [];
  const mounts: Mount[] = [];
  for (const stage of neededStages(stages, target)) {
    for (const { name, rest, line } of stage.instructions) {
      if (name !== 'RUN') continue;
      for (const options of mountOptions(rest)) mounts.push(...mountOf(options, line));
    }
  }
  return mounts.sort((a, b) => a.line - b.line);
}

/** The flags of a RUN stand before its command. */
function mountOptions(rest: string): readonly string[] {
  const words = rest.split(/\s+/);
  const end = words.findIndex((word) => !word.startsWith('--'));
  const flags = words.slice(0, end < 0 ? words.length : end);
  return flags.filter((flag) => flag.startsWith('--mount=')).map((flag) => flag.slice('--mount='.length));
}

/** buildkit's frontend/dockerfile/instructions/commands_runmount.go. */
function mountOf(text: string, line: number): readonly Mount[] {
  if (/["'$\\]/.test(text)) return [];
  const options = new Map(
    text.split(',').map((part): [string, string] => {
      const equals = part.indexOf('=');
      return equals < 0 ? [part.toLowerCase(), 'true'] : [part.slice(0, equals).toLowerCase(), part.slice(equals + 1)];
    }),
  );
  const type = options.get('type');
  if (type !== 'secret' && type !== 'ssh') return [];
  const target = options.get('target') ?? options.get('dst') ?? options.get('destination');
  const id = options.get('id') ?? (type === 'ssh' ? 'default' : target && posix.basename(target));
  const required = ['true', '1'].includes(options.get('required') ?? 'false');
  return id === undefined || id === '' ? [] : [{ type, id, required, line }];
}
