import { ours, structure } from './line';
import { yellow } from './paint';
import { oneLine, row } from './render-layout';
import { inOrder } from './render-order';
import type { EventOf, Rendered, RenderState } from './render-state';

const PUBLIC = 'public.ecr.aws/';
/** As long as `imageTagMutability`, so that most lines of a drift stand in columns. */
const SETTING = 18;

export function awsDescribed(state: RenderState, event: EventOf<'aws-described'>): Rendered {
  const { account, region, identity } = event;
  const text = [account, region, identity].filter((part) => part !== undefined && part !== '').join(' ');
  const identities = new Map(state.targets.identities).set(state.targets.current ?? '', identity);
  const next = { ...state, identity, targets: { ...state.targets, identities } };
  return inOrder(next, 'aws', [ours(row('aws', text))]);
}

export function repositoryDescribed(state: RenderState, event: EventOf<'repository-described'>): Rendered {
  return inOrder(state, 'ecr', [ours(row('ecr', repositoryText(state, event)))]);
}

/** A line for each setting: whoever made the repository otherwise had a reason, or made a mistake. */
export function repositoryDrift(state: RenderState, event: EventOf<'repository-drift'>): Rendered {
  return inOrder(state, 'ecr', [structure(row(yellow('drift'), driftText(event)))]);
}

export function driftText({ drift }: EventOf<'repository-drift'>): string {
  const { setting, wanted, found } = drift;
  const what = `${oneLine(setting).padEnd(SETTING)}  wanted ${oneLine(wanted)}, found ${oneLine(found)}`;
  return `${what} (nothing is changed)`;
}

export function repositoryText(state: RenderState, event: EventOf<'repository-described'>): string {
  const { name, exists, created } = event;
  const tags = mutabilityText(state, event);
  if (created === true) return `${name} created by this run (CreateRepository=if-missing); ${tags}`;
  if (exists === undefined) return `${name}: not looked up, ecr:DescribeRepositories is denied`;
  return exists ? `${name} exists; ${tags}` : `${name} does not exist`;
}

function mutabilityText(state: RenderState, event: EventOf<'repository-described'>): string {
  const { mutability, exclusions = [] } = event;
  const except = exclusions.length === 0 ? ' some, which are not known' : ` ${exclusions.join(', ')}`;
  switch (mutability) {
    case undefined:
      return (state.targets.current ?? state.started?.repository)?.startsWith(PUBLIC) === true
        ? 'its tags can move, as everywhere in ECR Public'
        : 'whether its tags can move is unknown';
    case 'MUTABLE':
      return 'its tags can move';
    case 'IMMUTABLE':
      return 'its tags are immutable';
    case 'MUTABLE_WITH_EXCLUSION':
      return `its tags can move, except${except}`;
    case 'IMMUTABLE_WITH_EXCLUSION':
      return `its tags are immutable, except${except}`;
    default:
      return `its tags are ${mutability}`;
  }
}
