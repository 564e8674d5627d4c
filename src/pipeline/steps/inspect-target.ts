import type { LocalImage } from '../../domain/daemon-info';
import type { Plan } from '../../domain/plan';
import type { RegistryImage } from '../../domain/registry-image';
import { ahead } from '../ahead';
import { isCode, lookUp } from '../look-up';
import type { Report } from '../ports';
import type { Images, Target } from '../target';
import { findDrift, findRepository, tellRepository, type FoundRepository } from './repository';
import { findTags, isNamed } from './tags/find-tags';
import { refusalOf } from './tags/refusals';
import type { TagState } from './tags/tag-state';

/** Questions to AWS that are under way, side by side: each is a round trip, and few need another's answer. */
export interface LookUps {
  readonly repository: Promise<FoundRepository>;
  readonly ended: Promise<void>;
}

/**
 * Asks all that can be asked about a target before the build, and tells it in an order that reads well, whatever order it
 * comes in. `local`: the image that is pushed, where it need not be built.
 */
export function inspectTarget(
  target: Target,
  plan: Plan,
  local: Promise<LocalImage> | undefined,
  signal: AbortSignal,
): LookUps {
  const { ecr, path } = target;
  const names = plan.mode === 'build' ? [] : [...plan.tags, ...plan.floatingTags];
  const images = ahead(names.length === 0 ? Promise.resolve(new Map()) : ecr.findImages(path, names, signal));
  const repository = ahead(findRepository(target, plan, images, signal));
  const identity = ahead(ecr.identity(signal));
  const drift = ahead(findDrift(target, plan, repository, signal));
  const tags = ahead(lookAtTags(target, plan, { repository, images, local }, signal));
  const tell = async (): Promise<void> => {
    const report = target.asking.report;
    report(awsDescribed(target, await identity));
    tellRepository(target, await repository, await drift, report);
    for (const tag of await tags) tellTag(tag, report);
    target.record.awsProven = await identity;
    accept(target, plan, report);
  };
  return { repository, ended: ahead(tell()) };
}

interface Asked {
  readonly repository: Promise<FoundRepository>;
  readonly images: Promise<Images>;
  readonly local: Promise<LocalImage> | undefined;
}

/** What each tag names; the target knows it afterwards. */
export async function lookAtTags(
  target: Target,
  plan: Plan,
  { repository, images, local }: Asked,
  signal: AbortSignal,
): Promise<readonly TagState[]> {
  const { facts, created, exists } = await repository;
  target.facts = facts;
  target.record.registry = target.repository?.host;
  if (plan.mode === 'build') return [];
  const again = async (error: unknown): Promise<Images> => {
    if (!isCode(error, 'ECR_REPOSITORY_MISSING') || exists === undefined) throw error;
    // It was asked for beside the repository, which was not there yet; a job that made it meanwhile may have pushed.
    if (created || !exists) return new Map();
    return target.ecr.findImages(target.path, [...plan.tags, ...plan.floatingTags], signal);
  };
  const found = await lookUp(images.catch(again));
  target.sees = !found.denied;
  target.tags = await findTags(target, plan, found, local, signal);
  if (plan.mode === 'push') readAhead(target, signal);
  return target.tags;
}

/** Whose image a floating tag names is asked when the tag is moved; it is read meanwhile. */
function readAhead({ tags, labels }: Target, signal: AbortSignal): void {
  for (const { floating, state, image } of tags)
    if (floating && state === 'moves' && image !== undefined) void ahead(labels.config(image, signal));
}

/** What stands in the way is told before anything is built; what is there already is this run's image. */
export function accept(target: Target, plan: Plan, report: Report): void {
  const place = { path: target.path, mutability: target.facts?.mutability };
  const inTheWay = target.tags.find(({ state }) => state === 'foreign');
  if (inTheWay !== undefined) throw refusalOf(inTheWay, place, plan);
  target.image = resumable(target.tags);
  const open = target.tags.filter(({ state }) => state === 'undecided').map(({ tag }) => tag);
  if (open.length > 0) report({ type: 'note', text: undecided(target, plan, open) });
}

/** This run's image, where AWS alone can give it the names that are missing. */
function resumable(tags: readonly TagState[]): RegistryImage | undefined {
  const image = tags.find(({ state }) => state === 'ours')?.image;
  const complete = tags.every((tag) => tag.state === 'ours' || tag.image?.digest === image?.digest);
  return complete || image?.manifest !== undefined ? image : undefined;
}

function undecided({ path, labels }: Target, { run }: Plan, tags: readonly string[]): string {
  const which = tags.length === 1 ? `tag ${tags.join()} is` : `tags ${tags.join(', ')} are`;
  const why = isNamed(run.mark)
    ? `The labels of images in ${path} cannot be read (${labels.trouble})`
    : 'Outside GoCD no label tells one run from another';
  return `${why}: ${which} compared with the image once it is built`;
}

function awsDescribed({ record, ecr }: Target, identity: string): Parameters<Report>[0] {
  const { repository, aws } = record.plan;
  const account = repository.registry?.accountId ?? aws.registryId?.value;
  return { type: 'aws-described', account, region: ecr.region, identity };
}

export function tellTag({ tag, floating, state, image, run, since }: TagState, report: Report): void {
  report({
    type: 'tag-described',
    tag,
    floating,
    state,
    ...(image !== undefined && { digest: image.digest }),
    ...(run !== undefined && { run }),
    ...(since !== undefined && { since }),
  });
}
