import { invalid } from '../../errors.js';
import { checkChannels, luma } from '../../images/prepare-pixels.js';
import { squareImage } from '../../images/square-image.js';
import type { LabelledImages } from './labelled-images.js';
import type { StoredImages } from './stored-images.js';

/** The longest array of bytes in Node. */
const MAX_BYTES = 2 ** 32;

/**
 * Returns images in the form used for training: the middle square of each at the resolution. It is resampled by the
 * antialiased bilinear `squareImage`, and rounded to the nearest byte (halves up). One channel is the luma of Rec. 601,
 * taken before rounding. An image that has the resolution keeps its bytes.
 *
 * @param onImage hears of each image that is done; throws to stop
 * @throws RangeError for another number of channels than 1 or 3, or more pixels than one array holds, before any is read
 */
export async function prepareImages(
  { labels, pixels }: StoredImages,
  resolution: number,
  channels: number,
  onImage: () => void = () => undefined,
): Promise<LabelledImages> {
  checkChannels(channels);
  const count = labels.length;
  const positions = resolution * resolution;
  const max = Math.floor(MAX_BYTES / (positions * channels));
  if (count > max) {
    const given = `${count} of ${resolution} x ${resolution} pixels`;
    throw invalid('images', given, `at most ${max}, which are 4 GiB; a smaller resolution takes more`);
  }
  const out = new Uint8Array(count * positions * channels);
  for (let i = 0; i < count; i++) {
    const image = await pixels(i);
    const whole = image.width === resolution && image.height === resolution;
    const square = whole ? image.data : squareImage(image, resolution);
    const at = i * positions * channels;
    if (channels === 3) for (let k = 0; k < square.length; k++) out[at + k] = Math.floor(square[k]! + 0.5);
    else for (let k = 0; k < positions; k++) out[at + k] = Math.floor(luma(square, 3 * k) + 0.5);
    onImage();
  }
  return { count, resolution, channels, pixels: out, labels };
}
