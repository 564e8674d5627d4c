import type { ImageConfig } from '../domain/registry-image';
import { contentOf } from '../domain/registry-image';
import { objectAt, parseObject, textAt, textsAt } from './json-parts';

/** Reads an image's config blob; undefined: it is none (an artifact may have any other blob there). */
export function readImageConfig(text: string): ImageConfig | undefined {
  const json = parseObject(text);
  if (json === undefined) return undefined;
  const config = objectAt(json, 'config') ?? {};
  const labels = Object.entries(objectAt(config, 'Labels') ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const variant = textAt(json, 'variant');
  return {
    labels: new Map(labels),
    os: textAt(json, 'os'),
    arch: textAt(json, 'architecture'),
    variant: variant === '' ? undefined : variant,
    content: contentOf(textsAt(objectAt(json, 'rootfs'), 'diff_ids'), config),
  };
}
