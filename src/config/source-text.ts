import { Fault, type Parser } from './fault';
import { parseImage } from './image-text';

// Docker's short form of an id has 12 digits; with fewer it would be a guess.
const IMAGE_ID = /^(?:sha256:[0-9a-f]{12,64}|[0-9a-f]{12,64})$/;

/** An image on the daemon, by what it is named there or by its id. */
export const parseSource: Parser<string> = (text) => {
  if (IMAGE_ID.test(text)) return text;
  const image = parseImage(text);
  if (!image) return new Fault('is not an image of the daemon: name it as name:tag, or by its id');
  return image.tag === undefined && image.digest === undefined
    ? new Fault('names no tag: docker would take latest, whatever that is; write name:tag, or the image id')
    : text;
};
