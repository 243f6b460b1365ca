import { invalid, missing } from '../errors.js';
import { readNamed } from '../files/read-named.js';
import { reasonOf } from '../files/reason.js';
import { decodeImage } from './decode-image.js';
import { imageEndings } from './image-format.js';
import type { ImageCollection, ImageSource } from './image-source.js';
import { loadSharp } from './load-sharp.js';
import type { Pixels } from './pixels.js';
import { readPixels } from './read-pixels.js';
import { orderOfImages } from './order-of-images.js';

export interface FolderOptions {
  /** The seed that decides which images are chosen. @default 0 */
  readonly seed?: number | undefined;
  /** Replace images that cannot be decoded by others, instead of throwing an error. @default false */
  readonly skipBroken?: boolean | undefined;
  /** Called with the problems of the skipped images. */
  readonly onSkipped?: ((problems: readonly string[]) => void) | undefined;
}

/** Maximum number of broken images that an error names; it counts all. */
const NAMED = 5;

/** Bytes of decoded images kept in memory, at least one image, so that these are decoded only once. */
const KEPT_BYTES = 2 ** 28;

/**
 * Returns the images of these files, in an order given by the seed. Selected images are decoded once to find broken
 * ones. 256 MB of pixels are kept; further images are decoded again when read.
 *
 * @throws RangeError that counts and names the broken images
 */
export function imageFiles(
  folder: string,
  paths: readonly string[],
  { seed = 0, skipBroken = false, onSkipped }: FolderOptions,
): ImageCollection {
  const order = orderOfImages(paths, seed);
  return {
    available: paths.length,
    select: async (count) => {
      // fails here, before any image, if the decoder cannot be loaded
      await loadSharp();
      const kept = new Map<string, Pixels>();
      const whole: string[] = [];
      const broken: string[] = [];
      let bytes = 0;
      // the next image in the order replaces a skipped one; else all selected ones are tried, to count the broken
      const tried = skipBroken ? order : order.slice(0, count);
      for (const path of tried) {
        if (whole.length === count) break;
        try {
          const pixels = await load(path);
          whole.push(path);
          bytes += pixels.data.length;
          if (bytes <= KEPT_BYTES || kept.size === 0) kept.set(path, pixels);
        } catch (cause) {
          broken.push(`${path} (${reasonOf(cause)})`);
        }
      }
      if (broken.length > 0 && !skipBroken)
        throw brokenImages(broken, tried.length, folder, onSkipped !== undefined);
      if (whole.length === 0) throw missing('images', folder, `none of ${tried.length} can be decoded`);
      if (broken.length > 0) onSkipped?.(broken);
      return {
        count: whole.length,
        words: `${whole.length} of ${paths.length.toLocaleString('en-US')} images in ${folder}`,
        read: (from, many, resolution, channels, scale) => {
          const next = async (i: number) => {
            const path = whole[from + i]!;
            return kept.get(path) ?? (await load(path));
          };
          return readPixels(next, many, resolution, channels, scale);
        },
      } satisfies ImageSource;
    },
  };
}

/**
 * Returns the error that counts `broken` images of those `seen`, and names the first of them.
 *
 * @param canSkip whether the command has the flag `--skip-broken`
 */
export function brokenImages(
  broken: readonly string[],
  seen: number,
  folder: string,
  canSkip = false,
): RangeError {
  const more = broken.length > NAMED ? ` and ${broken.length - NAMED} more` : '';
  return invalid(
    'images',
    `${broken.length} of ${seen} in ${folder} broken: ${broken.slice(0, NAMED).join(', ')}${more}`,
    `whole PNG, JPEG and WebP files (${imageEndings.join(', ')})${canSkip ? '; --skip-broken takes others in their place' : ''}`,
  );
}

async function load(path: string): Promise<Pixels> {
  return decodeImage(await readNamed('image', path));
}
