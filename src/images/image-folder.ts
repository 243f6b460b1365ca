import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { invalid, missing } from '../errors.js';
import { readNamed } from '../files/read-named.js';
import { reasonOf } from '../files/reason.js';
import { decodeImage } from './decode-image.js';
import type { ImageCollection } from './image-source.js';
import { preparePixels } from './prepare-pixels.js';
import { shuffled } from './shuffled.js';

/** How the name of an image ends. */
export const imageEndings = /\.(png|jpe?g)$/i;

export interface FolderOptions {
  /** Which images are chosen. @default 0 */
  readonly seed?: number | undefined;
  /** Take others in place of images that cannot be decoded, instead of an error. @default false */
  readonly skipBroken?: boolean | undefined;
  /** Hears of the images that were skipped. */
  readonly onSkipped?: ((problems: readonly string[]) => void) | undefined;
}

/** How many broken images an error names; it counts all. */
const NAMED = 5;

/**
 * Returns the images of these files (PNG, JPEG), in an order that the seed decides. Those that are selected are decoded
 * once to see that none is broken, and again whenever they are read, so that they need not all be held.
 *
 * @throws RangeError that counts and names the broken images
 */
export function imageFiles(
  folder: string,
  paths: readonly string[],
  { seed = 0, skipBroken = false, onSkipped }: FolderOptions = {},
): ImageCollection {
  const order = [...shuffled(paths.length, seed)].map((i) => paths[i]!);
  const load = async (path: string) => decodeImage(await readNamed('image', path));
  return {
    available: paths.length,
    select: async (count) => {
      const whole: string[] = [];
      const broken: string[] = [];
      // in place of a broken one the next in the order is taken, or else all are tried to count them
      const tried = skipBroken ? order : order.slice(0, count);
      for (const path of tried) {
        if (whole.length === count) break;
        try {
          await load(path);
          whole.push(path);
        } catch (cause) {
          broken.push(`${path} (${reasonOf(cause)})`);
        }
      }
      if (broken.length > 0 && !skipBroken) throw brokenImages(broken, tried.length, folder);
      if (whole.length === 0) throw missing('images', folder, `none of ${tried.length} can be decoded`);
      if (broken.length > 0) onSkipped?.(broken);
      return {
        count: whole.length,
        words: `${whole.length} of ${paths.length.toLocaleString('en-US')} images in ${folder}`,
        read: async (from, many, resolution) => {
          const length = resolution * resolution * 3;
          const out = new Float32Array(many * length);
          for (let i = 0; i < many; i++) {
            const pixels = await load(whole[from + i]!);
            preparePixels(pixels, resolution, out.subarray(i * length, (i + 1) * length));
          }
          return out;
        },
      };
    },
  };
}

function brokenImages(broken: readonly string[], seen: number, folder: string): RangeError {
  const more = broken.length > NAMED ? ` and ${broken.length - NAMED} more` : '';
  return invalid(
    'images',
    `${broken.length} of ${seen} in ${folder} broken: ${broken.slice(0, NAMED).join(', ')}${more}`,
    'whole PNG and JPEG files; --skip-broken takes others in their place',
  );
}

/** Returns the paths of all images in a folder and the folders below it, sorted. */
export async function listImages(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && imageEndings.test(entry.name) && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
