import type { DiskUse } from '../domain/daemon-info';
import type { HopFact } from '../domain/events';
import { bytes, duration, plural } from './human';
import { yellow } from './paint';
import { builderText } from './render-builder';
import { contextFacts } from './render-context';
import { oneLine } from './render-layout';
import { baseText, platformText, surroundings, ways } from './render-preflight';
import { driftText, repositoryText } from './render-registry';
import type { RenderState } from './render-state';
import { runName, tagText } from './render-tags';

/** The lines of one fact. */
export function factTexts(state: RenderState, fact: HopFact, at: number): readonly string[] {
  if (typeof fact === 'string') return [fact];
  switch (fact.type) {
    case 'daemon-described':
      return daemonTexts(fact);
    case 'disk-described':
      return [diskText(fact.use)];
    case 'repository-described':
      return [repositoryText(state, fact)];
    case 'repository-drift':
      return [`${yellow('drift')} ${driftText(fact)}`];
    case 'tag-described': {
      const { tag, floating, state: found, digest, since } = fact;
      return [tagText(state, tag, { state: found, floating, digest, run: runName(fact.run), since })];
    }
    case 'token-issued':
      return [tokenText(fact, at)];
    case 'builder-chosen':
      return [builderText(fact)];
    case 'source-described':
      return [`${fact.ref} is ${fact.imageId}`, `${bytes(fact.sizeBytes)}, ${fact.platform}`];
    case 'platform-described':
      return [platformText(fact)];
    case 'base-described':
      return [baseText(fact)];
    case 'context-sent':
      return contextFacts(fact.report);
    case 'note':
      return [`${yellow('note')} ${oneLine(fact.text)}`];
    case 'retrying':
      return [`${yellow('retry')} ${fact.what}: attempt ${fact.attempt} of ${fact.attempts}: ${oneLine(fact.reason)}`];
  }
}

function daemonTexts({ info }: Extract<HopFact, { type: 'daemon-described' }>): readonly string[] {
  const debug = info.debug ? '' : '; debug mode off';
  const registries = ways(info);
  return [
    `${info.store} store on ${info.storageDriver}${debug}`,
    ...surroundings(info),
    ...(registries === '' ? [] : [registries]),
  ];
}

function diskText(use: DiskUse | undefined): string {
  if (use === undefined) return 'disk use: not told in time';
  const cache = use.cacheBytes === undefined ? 'not told' : bytes(use.cacheBytes);
  return `disk use: ${plural(use.images, 'image')} ${bytes(use.imagesBytes)}, build cache ${cache}`;
}

function tokenText({ registry, expiresAt }: Extract<HopFact, { type: 'token-issued' }>, at: number): string {
  return `for ${registry}, valid ${duration(expiresAt - at)}`;
}
