import type { Pixels } from './pixels.js';
import { checkChannels, type PixelScale, preparePixels } from './prepare-pixels.js';

/**
 * Returns images as network input, [count, resolution, resolution, channels], decoded one after the other.
 * @param load returns image i of these
 */
export async function readPixels(
  load: (i: number) => Promise<Pixels>,
  count: number,
  resolution: number,
  channels = 3,
  scale?: PixelScale,
): Promise<Float32Array> {
  checkChannels(channels);
  const length = resolution * resolution * channels;
  const out = new Float32Array(count * length);
  for (let i = 0; i < count; i++)
    preparePixels(await load(i), resolution, channels, out.subarray(i * length, (i + 1) * length), scale);
  return out;
}
