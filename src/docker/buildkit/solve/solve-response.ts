import { parseImageId, type ImageId } from '../../../domain/image-ref';
import { fieldsOf, textOf } from '../wire/reader';

/**
 * The image of SolveResponse{1 map exporter response}. `containerimage.digest` is what the daemon calls the image: the
 * config's digest in the classic store, the manifest's or the index' in the containerd store.
 */
export function solvedImage(message: Uint8Array): ImageId | undefined {
  for (const field of fieldsOf(message)) {
    if (field.number !== 1 || field.bytes === undefined) continue;
    const [key, value] = entry(field.bytes);
    if (key === 'containerimage.digest') return parseImageId(value);
  }
  return undefined;
}

function entry(message: Buffer): readonly [string, string] {
  let [key, value] = ['', ''];
  for (const field of fieldsOf(message)) {
    if (field.number === 1) key = textOf(field);
    if (field.number === 2) value = textOf(field);
  }
  return [key, value];
}
